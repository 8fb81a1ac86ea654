// How the sequences of decisions.json are told.
import { aLicense, aRevocationList, revocationHeader, signed, today } from './documents.mjs';
import { freshRing, sealed, sealedDocuments } from './sealed-documents.mjs';

export const defaultPolicy = {
  product: 'agent-os',
  deploymentId: null,
  editions: ['community', 'professional', 'enterprise', 'flagship'],
};

/**
 * The documents of a group by name, and the group made of them. A license has its name as its id (`jti`), which is
 * how the expected state calls it.
 */
export class Story {
  /** Add other documents here. */
  documents = {};
  ring = freshRing();
  #vendors;
  #isSealed = false;

  constructor(vendors) {
    this.#vendors = vendors;
  }

  /** A license of the vendor. @returns its name */
  license(name, claims, key = this.#vendors.present) {
    return this.add(name, signed(key, aLicense({ jti: name, ...claims })));
  }

  /** A revocation list of the vendor. @returns its name */
  revocation(name, claims, key = this.#vendors.present) {
    const header = revocationHeader(key);
    return this.add(name, signed(key, aRevocationList(claims), { header }));
  }

  /** An envelope. @param parts `license` and `revocation` are names of documents */
  envelope(name, { license = null, revocation, ...content } = {}, key = this.ring.first) {
    return this.#seal('SealedLicense', name, { license, revocation }, content, key);
  }

  /** A key file. @param parts `license`, `next` and `revocation` are names of documents */
  keyFile(name, { license = null, next, revocation, ...content } = {}, key = this.ring.first) {
    return this.#seal('KeyFile', name, { license, next, revocation }, content, key);
  }

  add(name, text) {
    if (Object.hasOwn(this.documents, name)) throw new Error(`two documents are called ${name}`);
    this.documents[name] = text;
    return name;
  }

  /** A group of tests, which gets those documents that its tests name. */
  group(file, comment, { policy = {}, trustedKeys = { keys: [this.#vendors.present.jwk] } } = {}) {
    const documents = {};
    const { valid, invalid } = file.group({
      type: 'Decisions',
      comment,
      policy: { ...defaultPolicy, ...policy },
      trustedKeys,
      ...(this.#isSealed ? { testOnlyEncryptionKeys: this.ring.testOnlyEncryptionKeys } : {}),
      documents,
    });
    const inputs = (steps) => {
      for (const name of steps.flatMap(namesIn)) documents[name] = this.documents[name];
      return { steps };
    };
    return {
      valid: (what, flags, steps) => valid(what, flags, inputs(steps)),
      invalid: (what, flags, code, steps) => invalid(what, flags, code, inputs(steps)),
    };
  }

  #seal(type, name, named, content, key) {
    this.#isSealed = true;
    const statements = Object.fromEntries(
      Object.entries(named).map(([member, document]) => [member, this.documents[document] ?? document]),
    );
    return this.add(name, sealed(type, key, sealedDocuments[type].content({ ...statements, ...content })));
  }
}

const namesIn = ({ offer: { license, revocation } = {}, sealed: envelope, keyFile }) =>
  [license, revocation, envelope, keyFile].filter((name) => typeof name === 'string');

/** The wall clock shows `wall` seconds after the beginning of all stories, the instance has run for `uptime`. */
export const clocks = (wall, uptime) => ({ wall: today + wall, uptime });

// Where a step is given one number, both clocks agree.
const step = (clock, word, verdict, state) => ({
  clock: typeof clock === 'number' ? clocks(clock, clock) : clock,
  ...word,
  expect: { ...verdict, ...state },
});

/** A license is offered, or null: the other side has none. */
export const offer = (clock, license, verdict, state) => step(clock, { offer: { license } }, verdict, state);
/** A revocation list is offered, with a license or without. */
export const offerList = (clock, revocation, license, verdict, state) =>
  step(clock, { offer: { license, revocation } }, verdict, state);
export const receive = (clock, envelope, verdict, state) => step(clock, { sealed: envelope }, verdict, state);
export const start = (clock, keyFile, verdict, state) => step(clock, { keyFile }, verdict, state);
/** Time passes; nobody says a word. */
export const wait = (clock, verdict, state) => step(clock, {}, verdict, state);

export const accepted = { verdict: 'accepted' };
export const unchanged = { verdict: 'unchanged' };
export const none = { verdict: 'none' };
export const refused = (code) => ({ verdict: 'refused', code });
export const kept = (code) => ({ verdict: 'kept-for-later', code });
/** The same verdict, and the revocation list that came along is refused. */
export const listRefused = (verdict, revocationCode) => ({ ...verdict, revocationCode });

// What is not said about the state is null or false.
const state = (licensed, standing, edition, license, more) => ({
  licensed,
  standing,
  edition,
  license,
  ...more,
});

/** A license is in force. @param more `standing`, `edition`, `next` (a license), `revocations` (a serial), ... */
export const inForce = (license, more) => state(true, 'active', 'enterprise', license, more);
/** There is a license, and it is not in force. @param standing `expired` or `revoked` */
export const ended = (standing, license, more) => state(false, standing, 'community', license, more);
/** There is no license. */
export const nothing = (more) => state(false, null, 'community', null, more);
