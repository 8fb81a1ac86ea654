import type { RefusalBody } from '@latchkey/license';

const community = { statusCode: 402, error: 'License Required', edition: 'community' } as const;

/** What the operations of these tests are refused with, whatever the transport. */
export const refusalBodies = {
  pending: {
    statusCode: 503,
    error: 'Service Unavailable',
    code: 'LICENSE_PENDING',
    message: 'The license of this deployment is still being loaded; try again in a moment.',
    edition: 'community',
    reason: 'pending',
  },
  absent: {
    ...community,
    code: 'LICENSE_EDITION_REQUIRED',
    message:
      'This operation requires the enterprise edition; this deployment runs community (no license key found).',
    requiredEdition: 'enterprise',
    reason: 'absent',
  },
  expired: {
    ...community,
    code: 'LICENSE_EDITION_REQUIRED',
    message:
      'This operation requires the enterprise edition; this deployment runs community (the license has expired).',
    requiredEdition: 'enterprise',
    reason: 'expired',
  },
  noWorkflow: {
    ...community,
    edition: 'enterprise',
    code: 'LICENSE_FEATURE_REQUIRED',
    message:
      'This operation requires the feature workflow, which the license of this deployment does not include.',
    requiredFeature: 'workflow',
    reason: 'not-entitled',
  },
  tooManyApps: {
    ...community,
    code: 'LICENSE_LIMIT_EXCEEDED',
    message:
      'This operation would exceed the limit of 2 apps; this deployment runs community (no license key found).',
    limit: 'apps',
    allowed: 2,
    reason: 'absent',
  },
} as const satisfies Record<string, RefusalBody>;
