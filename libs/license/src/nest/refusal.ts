import type { LicenseStatus } from '../core/status.js';
import { reasonText } from '../core/status.js';
import type { RefusalBody } from './license.exception.js';
import type { RefusalOptions } from './license.options.js';
import type { Requirement } from './requirements.js';

/** What was asked for and is not allowed. */
export type Demand =
  | Requirement
  | {
      /** Room in a limit, which {@link LicenseService.assertWithinLimit} asserts. */
      readonly kind: 'limit';
      /** Name of the limit. */
      readonly limit: string;
      /** What it allows; Infinity when what was asked for is no number and there is no limit. */
      readonly allowed: number;
    };

/** Something was refused, or would have been. What the one who asked was told, and nothing about them. */
export interface RefusalEvent {
  /** What was asked for. */
  readonly demand: Demand;
  /** What the caller was told, or would have been. */
  readonly body: RefusalBody;
  /** True when the call was let through all the same, because the feature is in advisory mode. */
  readonly advisory: boolean;
}

/** Words the refusal of `demand` under the present `status`. */
export function refusalBody(demand: Demand, status: LicenseStatus, options: RefusalOptions): RefusalBody {
  const { edition } = status;
  const body: RefusalBody =
    status.state === 'pending'
      ? {
          statusCode: 503,
          error: 'Service Unavailable',
          code: 'LICENSE_PENDING',
          message: 'The license of this deployment is still being loaded; try again in a moment.',
          edition,
          reason: 'pending',
        }
      : { statusCode: options.status ?? 402, error: 'License Required', ...explain(demand, status), edition };
  const message = options.message?.(body.message) ?? body.message;
  const upgradeUrl = options.upgradeUrl === undefined ? {} : { upgradeUrl: options.upgradeUrl };
  return Object.freeze({ ...body, message, ...upgradeUrl });
}

function explain(
  demand: Demand,
  { active, edition, reason }: LicenseStatus,
): Pick<
  RefusalBody,
  'code' | 'message' | 'reason' | 'requiredEdition' | 'requiredFeature' | 'limit' | 'allowed'
> {
  const here = active
    ? `this deployment runs ${edition}`
    : `this deployment runs ${edition} (${reasonText[reason]})`;
  switch (demand.kind) {
    case 'edition':
      return {
        code: 'LICENSE_EDITION_REQUIRED',
        message: `This operation requires the ${demand.edition} edition; ${here}.`,
        requiredEdition: demand.edition,
        reason: active ? 'not-entitled' : reason,
      };
    case 'feature':
      return {
        code: 'LICENSE_FEATURE_REQUIRED',
        message: active
          ? `This operation requires the feature ${demand.feature}, which the license of this deployment does not include.`
          : `This operation requires the feature ${demand.feature}; ${here}.`,
        requiredFeature: demand.feature,
        reason: active ? 'not-entitled' : reason,
      };
    case 'limit':
      return {
        code: 'LICENSE_LIMIT_EXCEEDED',
        message: `This operation would exceed the limit of ${demand.allowed} ${demand.limit}; ${here}.`,
        limit: demand.limit,
        allowed: demand.allowed,
        reason: active ? 'limit-exceeded' : reason,
      };
  }
}
