import { createHash } from 'node:crypto';

/** JWK thumbprint (RFC 7638, SHA-256, base64url) over the required members, given in lexical order. */
export function thumbprint(requiredMembers: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(JSON.stringify(requiredMembers)).digest('base64url');
}
