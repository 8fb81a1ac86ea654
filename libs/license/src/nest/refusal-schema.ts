import { reasonText } from '../core/status.js';
import { retryAfterSeconds, type RefusalBody, type RefusalCode } from './license.exception.js';
import type { Requirement } from './requirements.js';

/** A response as `@nestjs/swagger` keeps it; like everything in this file, OpenAPI 3. */
export interface DocumentedResponse {
  readonly description: string;
  readonly schema?: object;
  readonly headers?: object;
}

/** The answer to a call that does not meet one of the `requirements`. */
export function refusalResponse(requirements: readonly Requirement[]): DocumentedResponse {
  const codes = requirements.map(({ kind }) => codeOf[kind]);
  return {
    description: `License required: ${listed(requirements.map(textOf))}.`,
    schema: bodySchema(codes),
  };
}

/** The answer while the license is still being loaded. */
export const pendingResponse: DocumentedResponse = {
  description: 'The license of this deployment is still being loaded; try again in a moment.',
  schema: bodySchema(['LICENSE_PENDING']),
  headers: {
    'Retry-After': {
      description: 'Seconds after which to try again.',
      schema: { type: 'integer', example: retryAfterSeconds },
    },
  },
};

const codeOf = { edition: 'LICENSE_EDITION_REQUIRED', feature: 'LICENSE_FEATURE_REQUIRED' } as const;

function textOf(requirement: Requirement): string {
  return requirement.kind === 'edition'
    ? `the ${requirement.edition} edition`
    : `the feature ${requirement.feature}`;
}

function listed(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  const last = distinct.pop() ?? '';
  return distinct.length === 0 ? last : `${distinct.join(', ')} and ${last}`;
}

function bodySchema(codes: readonly RefusalCode[]): object {
  const string = { type: 'string' };
  const reasons = [...Object.keys(reasonText), 'not-entitled', 'limit-exceeded'];
  const properties: Partial<Record<keyof RefusalBody, object>> = {
    statusCode: { type: 'integer' },
    error: string,
    code: { ...string, enum: [...new Set(codes)] },
    message: string,
    edition: { ...string, description: 'The edition in effect.' },
    reason: { ...string, enum: reasons },
    requiredEdition: string,
    requiredFeature: string,
    upgradeUrl: string,
  };
  const required: (keyof RefusalBody)[] = ['statusCode', 'error', 'code', 'message', 'edition', 'reason'];
  return { type: 'object', title: 'LicenseRefusal', properties, required };
}
