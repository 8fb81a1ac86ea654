/** What is needed of a refusal's body. */
interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Where test clients and exceptions of the different transports keep the body. */
const places = ['body', 'response', 'error', 'extensions'] as const;

/**
 * Finds the body of a refusal: the value itself, or in one of its usual places.
 *
 * @returns null when there is none
 * @throws {TypeError} for the Response of `fetch`, whose body has to be read first
 */
export function refusalIn(received: unknown): Refusal | null {
  if (received instanceof Response) {
    throw new TypeError(
      `expected the body of a response, found one (status ${received.status}) that was not read: pass await response.json()`,
    );
  }
  if (!isObject(received)) return null;
  return [received, ...places.map((place) => received[place])].find(isRefusal) ?? null;
}

function isRefusal(value: unknown): value is Refusal {
  return isObject(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
