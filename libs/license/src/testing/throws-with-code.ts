import { LicenseError, type LicenseErrorCode } from '../core/errors.js';

/**
 * Runs `action` and gives back the {@link LicenseError} it throws.
 *
 * @returns undefined when it throws nothing
 * @throws whatever else `action` throws: a foreign error is never a refusal
 */
export function refusalOf(action: () => unknown): LicenseError | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof LicenseError) return error;
    throw error;
  }
  return undefined;
}

/** The code of {@link refusalOf}: `expect(codeOf(() => parse(text))).toBe('MALFORMED')`. */
export function codeOf(action: () => unknown): LicenseErrorCode | undefined {
  return refusalOf(action)?.code;
}
