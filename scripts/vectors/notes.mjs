/** What the flags of the test cases mean; each file carries those it uses. */
export const notes = {
  // Two flags say how far a JOSE library alone can be held to a case.
  StrictForm:
    'Refused for the way it is written. A JOSE library may read it, so a port has to check the form before it calls one.',
  ProtocolRule:
    'The signature or the seal is good. Refused for what the document is or says, which no JOSE library knows.',

  // Form
  Parts: 'A number of parts that a compact JWS (3) or JWE (5) does not have, or an empty one.',
  Base64Url: 'Another spelling of the same bytes: padding, spare bits, white space, the plain alphabet.',
  JsonSerialization: 'The JSON serialization of JOSE instead of the compact one.',
  Size: 'At a limit of size, or beyond it. Sizes are checked before anything else.',
  Json: 'Something else than one JSON object in UTF-8.',
  DuplicateName: 'A name occurs twice in one object: parsers differ in which one they believe.',
  Unicode: 'Characters outside ASCII, escapes, surrogates, bytes that are not UTF-8.',
  NumberRange: 'Numbers that not every reader keeps exactly.',
  Depth: 'Objects and lists in each other, eight levels at most.',
  Prototype: 'Names that JavaScript objects have by themselves: __proto__, constructor, toString.',

  // Header
  HeaderMember: 'A header with a member that is not one of its members.',
  HeaderMissing: 'A header without one of its members.',
  Critical: 'A "crit" header (RFC 7515 4.1.11).',
  UnencodedPayload: 'A "b64" header (RFC 7797).',
  Compression: 'A "zip" header (RFC 7516 4.1.3).',
  EmbeddedKey: 'A header that brings or points to the key to believe (RFC 8725 3.10).',
  KeyId: 'A key id that names no key, or that is none.',
  TypeConfusion: 'A genuine document of another kind (RFC 8725 3.12).',

  // Signatures
  AlgorithmConfusion: 'An algorithm that the key is not for (RFC 8725 3.1).',
  AlgorithmNone: 'No signature at all (RFC 8725 2.1).',
  PssEncoding: 'A PS256 signature with another salt length, hash, mask or trailer (RFC 7518 3.5).',
  Pkcs1Encoding: 'An RS256 signature whose padding is almost right.',
  SignatureValue: 'A signature that is cut, extended, out of range, or arithmetic on a good one.',
  Forgery: 'Signed or sealed by somebody else.',
  BitFlip: 'One bit turned.',
  MixAndMatch: 'Parts of several good documents put together.',
  KeyWindow: 'A vendor key signs from its "nbf" to before its "exp"; the "iat" of the document decides.',

  // Seals
  IvSize: 'An initialization vector that has not 96 bits (RFC 7518 5.3).',
  TagSize: 'An authentication tag that has not 128 bits (RFC 7518 5.3).',
  EncryptedKey: 'A wrapped key, where "dir" has none (RFC 7518 4.5).',
  Content: 'What is inside a seal is not what the protocol puts there.',

  // Claims
  Claim: 'A claim missing, of the wrong kind, or out of range.',
  Version: 'A version of the protocol that is not 1.',
  Entries: 'The limit of 512 entries.',

  // Text
  Armor: 'The lines around a license file, and what mail and editors do to it.',

  // Decisions
  Accept: 'What comes into force.',
  Rollback: 'An older license is brought back.',
  SerialConflict: 'Two different licenses with one serial.',
  Dates: 'Beginning, soft end and hard end.',
  Later: 'A license that is not valid yet is kept, and takes over by itself.',
  Clock: 'A clock that is wrong, set back or set ahead.',
  TimeFloor: 'It is at least as late as the latest time that the vendor signed.',
  Revocation: 'A license that the vendor took back.',
  RevocationReplay: 'A statement from before a revocation is brought back.',
  Product: 'A license for another product.',
  Deployment: 'A license for another deployment.',
  Edition: 'An edition that the program does not know.',
  Insider: 'Somebody who holds the encryption key, and not the vendor key.',
  Restart: 'The program starts anew from its key file.',
};
