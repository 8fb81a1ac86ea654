// What must hold whatever is put in: nothing counts that the vendor did not sign for here, and whatever is refused
// is refused with a LicenseError that repeats nothing of the input.
import { EditionLadder, LicenseError } from '@latchkey/license/protocol';

import { deploymentId, product } from './licenses.mjs';

/** The oracle was broken: the library accepted, changed or said something it must not. */
export class Breach extends Error {}

const longestMessage = 2_000;
/** How much of an input is looked for in a message; the search must not cost more than what it watches. */
const searchedLength = 20_000;

/**
 * Runs one call of the public API.
 *
 * @param {string} input what must not be repeated at length in a refusal
 * @param {readonly string[]} [secrets] what must not be repeated at all
 * @returns what it returned, or the code of its refusal
 * @throws {Breach} for a refusal that says too much; foreign exceptions pass through
 */
export function attempt(action, input, secrets = []) {
  try {
    return { value: action(), code: 'accepted' };
  } catch (error) {
    if (!(error instanceof LicenseError)) throw error;
    assertDiscreet(error.message, input, secrets);
    return { value: undefined, code: error.code };
  }
}

function assertDiscreet(message, input, secrets) {
  if (message.length > longestMessage)
    throw new Breach('a message that the sender can make as long as he likes');
  if (message.includes('Some Customer')) throw new Breach('a message that names the customer');
  if (secrets.some((secret) => message.includes(secret))) throw new Breach('a message that holds a secret');
  const quoted = input
    .slice(0, searchedLength)
    .split(/[.,:"\s]/)
    .find((part) => part.length > 64 && message.includes(part.slice(0, 65)));
  if (quoted !== undefined) throw new Breach(`a message that repeats its input: ${message}`);
}

/** A license that was accepted has to be one that the vendor signed, to the byte, and to say what it said then. */
export function assertGenuine(signed, { licenseByText }) {
  const { claims } = licenseByText.get(signed.jws) ?? {};
  if (claims === undefined) throw new Breach('accepted a license that the vendor did not sign');
  const { license } = signed;
  const said = [claims.jti, claims.serial, claims.aud, claims.edition, (claims.exp ?? Infinity) * 1000];
  const read = [license.id, license.serial, license.product, license.edition, license.hardEndMs];
  if (said.some((value, index) => value !== read[index]))
    throw new Breach('read another license than was signed');
  if (Object.keys(license.features).length !== Object.keys(claims.features).length) {
    throw new Breach('read other features than were signed');
  }
}

/** As {@link assertGenuine}, for a revocation list. */
export function assertGenuineList(signed, { revocationByText }) {
  const { claims } = revocationByText.get(signed.jws) ?? {};
  if (claims === undefined) throw new Breach('accepted a revocation list that the vendor did not sign');
  if (claims.serial !== signed.serial || new Set(claims.revoked).size !== signed.revoked.size) {
    throw new Breach('read another revocation list than was signed');
  }
}

/** How the instances of the fuzzer are set up. */
export const policyOf = (corpus) => ({
  keys: corpus.keys,
  editions: new EditionLadder(),
  product,
  deploymentId,
});

/** Everything that an instance may trust, at any moment. */
export function assertSound(state, corpus) {
  const { current, next, revocation } = state;
  if (revocation !== null) assertGenuineList(revocation, corpus);
  for (const signed of [current?.signed ?? null, next]) {
    if (signed === null) continue;
    assertGenuine(signed, corpus);
    const { license } = signed;
    if (license.product !== product) throw new Breach('trusts a license for another product');
    if (license.deployments?.includes(deploymentId) === false) {
      throw new Breach('trusts a license for another deployment');
    }
  }
  if (current !== null && state.isActive() && state.isRevoked(current.signed.license)) {
    throw new Breach('is licensed by a revoked license');
  }
}

/** What an instance trusts, in one text. */
export function trustOf(state) {
  const { current, next, revocation } = state;
  return [current?.signed.jws, next?.jws, revocation?.jws, state.isActive()].join(' ');
}
