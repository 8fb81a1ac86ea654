/** Sizes checked before any cryptography (protocol section 4). Bytes unless the name says otherwise. */
export const bounds = Object.freeze({
  message: 64 * 1024,
  envelope: 48 * 1024,
  keyFile: 64 * 1024,
  license: 32 * 1024,
  header: 2 * 1024,
  jsonDepth: 8,
  /** Features, limits, deployments, revoked licenses: entries in one of them. */
  entries: 512,
  /** Code points in one string or name of a license. */
  stringLength: 256,
  /** Latest time in any document, in seconds: the end of the year 9999, after which Date and ISO 8601 give up. */
  lastSecond: 253_402_300_799,
});
