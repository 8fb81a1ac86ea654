import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RequireFeature } from '@latchkey/license';

import { isPlan } from './plans.js';

export const Licensed = (name: string) =>
  isPlan(name)
    ? SetMetadata('license', name) // the old guard only: an edition is never advisory
    : applyDecorators(SetMetadata('license', name), RequireFeature(name));
