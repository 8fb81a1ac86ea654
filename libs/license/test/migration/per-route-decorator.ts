import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { RequireFeature } from '@latchkey/license';

import { HandMadeGuard } from './hand-made.js';
import { isPlan } from './plans.js';

export const Licensed = (name: string) => {
  const old = applyDecorators(SetMetadata('license', name), UseGuards(HandMadeGuard));
  return isPlan(name) ? old : applyDecorators(old, RequireFeature(name)); // in this order
};
