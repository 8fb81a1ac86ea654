import { randomBytes } from 'node:crypto';

/** 16 random bytes as base64url: an id nobody can guess, fit for a NATS subject. */
export function randomId(): string {
  return randomBytes(16).toString('base64url');
}
