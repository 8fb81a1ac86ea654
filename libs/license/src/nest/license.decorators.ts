import { applyDecorators, UseGuards } from '@nestjs/common';

import { LicenseError } from '../core/errors.js';
import { LicenseGuard } from './license.guard.js';
import type { EditionName, FeatureName } from './licensed-names.js';
import { addRequirements, allowCommunity, type Requirement } from './requirements.js';

/**
 * Requires the `enterprise` edition or above, for a handler or for all handlers of a class. Brings the guard with it. On a
 * ladder without that name the application does not start.
 */
export const RequireEnterprise = (): ClassDecorator & MethodDecorator =>
  gate({ kind: 'edition', edition: 'enterprise' });

/**
 * Requires an edition, or one above it, for a handler or for all handlers of a class. Brings the guard with it.
 *
 * @param edition a name of the ladder (`forRoot({ editions })`); with another one the application does not start
 */
export const RequireEdition = (edition: EditionName): ClassDecorator & MethodDecorator =>
  gate({ kind: 'edition', edition });

/**
 * Requires every one of these features, for a handler or for all handlers of a class. Brings the guard with it. A license
 * has a feature when it names it, whatever the value.
 *
 * @throws {CONFIGURATION_INVALID} when it names none: it would open what it is meant to close
 */
export const RequireFeature = (
  ...features: [FeatureName, ...FeatureName[]]
): ClassDecorator & MethodDecorator =>
  gate(...features.map((feature) => ({ kind: 'feature', feature }) as const));

/**
 * Opens one handler of a class to every edition: what the class requires, or a method that it overrides, does not
 * apply to it. What its own decorators require still does.
 */
export const CommunityAllowed =
  (): MethodDecorator =>
  (_target: object, _key: string | symbol, descriptor: PropertyDescriptor): void => {
    allowCommunity(descriptor.value as object);
  };

/**
 * Adds requirements to what the target has already, and brings the guard that enforces them. Not called "require": a host
 * whose tests turn this file into CommonJS would call it to load its imports.
 */
function gate(...requirements: Requirement[]): ClassDecorator & MethodDecorator {
  if (requirements.length === 0) {
    throw new LicenseError(
      'CONFIGURATION_INVALID',
      "@RequireFeature(): expected at least one feature, found none: name it, as in @RequireFeature('workflow')",
    );
  }
  const add: ClassDecorator & MethodDecorator = (
    target: object,
    _key?: string | symbol,
    descriptor?: PropertyDescriptor,
  ): void => {
    addRequirements((descriptor?.value ?? target) as object, requirements);
  };
  return applyDecorators(add, UseGuards(LicenseGuard));
}
