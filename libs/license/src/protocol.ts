/**
 * `@latchkey/license/protocol`: formats, keys and trust rules of the protocol, without Nest. For whoever takes part in it:
 * a license-server, a command line, a test.
 *
 * @module
 */
export { systemClock, jittered, type Clock } from './core/clock.js';
export { parseDuration } from './core/duration.js';
export { EditionLadder } from './core/editions.js';
export { LicenseError, type LicenseErrorCode, type LicenseErrorDetails } from './core/errors.js';
export { expiryWarning, type ExpiryWarning } from './core/expiry-warning.js';
export { standingOf, type FeatureValue, type License, type Standing } from './core/license.js';
export {
  natsOptionsFromEnvironment,
  natsVariables,
  parseNatsUrl,
  persistentConnection,
  type NatsTransportOptions,
} from './distribution/nats-options.js';
export type { LicenseClaims, RevocationClaims } from './protocol/claims.js';
export type { SignatureAlgorithm } from './protocol/compact.js';
export { EncryptionKeyRing, parseEncryptionKeys, type EncryptionKey } from './protocol/encryption-keys.js';
export { formatLicenseText, parseLicenseText } from './protocol/license-text.js';
export {
  defaultSubjectPrefix,
  encodeRequest,
  parseBroadcast,
  parseReply,
  sealedMessage,
  subjectsFor,
  type LicenseRequest,
  type SealedMessage,
  type Subjects,
} from './protocol/messages.js';
export {
  openKeyFile,
  openSealedLicense,
  sealKeyFile,
  sealLicense,
  type KeyFileContent,
  type LicenseEnvelope,
} from './protocol/sealed-license.js';
export {
  readUnverifiedLicense,
  readUnverifiedRevocation,
  verifySignedLicense,
  verifySignedRevocation,
  type SignedLicense,
  type SignedRevocation,
} from './protocol/signed-license.js';
export {
  TrustedKeyRing,
  type JsonWebKeyInput,
  type TrustedKey,
  type TrustedKeyInput,
} from './protocol/trusted-keys.js';
export { readVariable, type Environment } from './store/environment.js';
export { readTextFile } from './store/read-file.js';
export { WatchedFile } from './store/watched-file.js';
export { acceptLicense, acceptNext, openAndAccept } from './trust/accept-license.js';
export type { Judgement, LicenseOffer, TrustPolicy, Verdict } from './trust/judgement.js';
export type { TimeFloor } from './trust/time-floor.js';
export { TrustedState, type CurrentLicense } from './trust/trusted-state.js';
