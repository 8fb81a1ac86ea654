import { LicenseError } from '../core/errors.js';
import { readVariable, type Environment } from '../store/environment.js';
import { readTextFile } from '../store/read-file.js';
import { loadNatsDriver } from './nats-driver.js';

/** Options of Nest's NATS transport (client and server) as Latchkey sets them. */
export interface NatsTransportOptions {
  /** `nats://host:port` or `tls://host:port`, one or more. */
  readonly servers: string[];
  /** Connection name, shown by the broker. */
  readonly name?: string;
  /** User name, together with `pass`. */
  readonly user?: string;
  /** Password of `user`. */
  readonly pass?: string;
  /** Token, instead of a user. */
  readonly token?: string;
  /** What the driver's `nkeyAuthenticator()` or `credsAuthenticator()` gives. */
  readonly authenticator?: unknown;
  /** When it is there, also empty, TLS is required. */
  readonly tls?: {
    /** Path of the PEM file with the certificates that the broker's is checked by. Default: those of Node. */
    readonly caFile?: string;
    /** Path of the PEM file with the client's certificate. */
    readonly certFile?: string;
    /** Path of the PEM file with its private key. */
    readonly keyFile?: string;
  };
  /** First part of reply subjects; the broker's permissions refer to it. */
  readonly inboxPrefix?: string;
}

/** What every connection of Latchkey adds: it never gives up by itself and notices a dead peer in seconds. */
export const persistentConnection = Object.freeze({
  /** True would make `close()` unable to end a pending first connect; whoever connects retries by itself. */
  waitOnFirstConnect: false,
  /** Without end. */
  maxReconnectAttempts: -1,
  /** Milliseconds between two attempts. */
  reconnectTimeWait: 500,
  /** Milliseconds, at random, on top. */
  reconnectJitter: 500,
  /** The same with TLS. */
  reconnectJitterTLS: 500,
  /** Milliseconds between two pings. */
  pingInterval: 10_000,
  /** Unanswered pings after which the peer counts as dead. */
  maxPingOut: 2,
  /** Milliseconds for one attempt to connect. */
  timeout: 5_000,
  /** Without it, two authorization errors close the connection for good. */
  ignoreAuthErrorAbort: true,
});

/** The variables read by {@link natsOptionsFromEnvironment}; each secret also as `…_FILE`. */
export const natsVariables: readonly string[] = Object.freeze([
  'NATS_URL',
  'NATS_USER',
  'NATS_PASSWORD',
  'NATS_TOKEN',
  'NATS_NKEY_SEED',
  'NATS_CREDS_FILE',
  'NATS_TLS_CA_FILE',
  'NATS_TLS_CERT_FILE',
  'NATS_TLS_KEY_FILE',
]);

const defaultUrl = 'nats://127.0.0.1:4222';

/**
 * Reads the NATS variables of protocol section 8.
 *
 * @returns options for Nest's NATS transport, without {@link persistentConnection}
 * @throws {CONFIGURATION_INVALID} for an address that is none, or a missing driver
 * @throws {FILE_ABSENT | FILE_REFUSED | FILE_UNREADABLE} for a secret file that cannot be used
 */
export function natsOptionsFromEnvironment(env: Environment): NatsTransportOptions {
  const user = readVariable(env, 'NATS_USER');
  const pass = readVariable(env, 'NATS_PASSWORD');
  const token = readVariable(env, 'NATS_TOKEN');
  const authenticator = authenticatorFrom(env);
  const tls = {
    ...(env['NATS_TLS_CA_FILE'] ? { caFile: env['NATS_TLS_CA_FILE'] } : {}),
    ...(env['NATS_TLS_CERT_FILE'] ? { certFile: env['NATS_TLS_CERT_FILE'] } : {}),
    ...(env['NATS_TLS_KEY_FILE'] ? { keyFile: env['NATS_TLS_KEY_FILE'] } : {}),
  };
  const servers = parseNatsUrl(env['NATS_URL'] || defaultUrl);
  // The drivers take tls:// for a hint and would go on in plain text when the broker offers none.
  const requireTls = Object.keys(tls).length > 0 || servers.some((address) => address.startsWith('tls:'));
  return {
    servers,
    ...(user === undefined ? {} : { user }),
    ...(pass === undefined ? {} : { pass }),
    ...(token === undefined ? {} : { token }),
    ...(authenticator === undefined ? {} : { authenticator }),
    ...(requireTls ? { tls } : {}),
  };
}

/**
 * Splits a list of broker addresses, joined by commas: `host`, `host:port`, `nats://…` or `tls://…`.
 *
 * @returns them as they were written, trimmed
 * @throws {CONFIGURATION_INVALID} saying which address is none; it is not repeated, since a password may be in it
 */
export function parseNatsUrl(text: string): string[] {
  const addresses = text.split(',').map((part) => part.trim());
  for (const [index, address] of addresses.entries()) {
    const problem = problemOf(address);
    if (problem !== null) {
      const which = addresses.length === 1 ? 'the address' : `address ${index + 1} of ${addresses.length}`;
      throw new LicenseError('CONFIGURATION_INVALID', `NATS_URL: ${which} ${problem}`);
    }
  }
  return addresses;
}

function problemOf(address: string): string | null {
  if (address.includes('@')) {
    return 'has a user or password in it, which the driver would ignore: set NATS_USER and NATS_PASSWORD';
  }
  const full = address.includes('://') ? address : `nats://${address}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (url !== null && url.hostname !== '' && ['nats:', 'tls:'].includes(url.protocol)) return null;
  return `cannot be used: expected one such as ${defaultUrl}, or several joined by commas`;
}

function authenticatorFrom(env: Environment): unknown {
  const seed = readVariable(env, 'NATS_NKEY_SEED');
  if (seed !== undefined) return loadNatsDriver().nkeyAuthenticator(Buffer.from(seed.trim()));
  const credsFile = env['NATS_CREDS_FILE'];
  if (!credsFile) return undefined;
  return loadNatsDriver().credsAuthenticator(Buffer.from(readTextFile(credsFile, 'NATS_CREDS_FILE')));
}
