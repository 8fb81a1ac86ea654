import { RequireEdition, RequireFeature } from '@latchkey/license';

import { isPlan } from './plans.js';

export const Licensed = (name: string) => (isPlan(name) ? RequireEdition(name) : RequireFeature(name));
