import { createRequire } from 'node:module';

import { LicenseError } from '../core/errors.js';
// oxlint-disable-next-line import/default -- "export =" of CommonJS is the default here
import ownRequire from './own-require.cjs';

type Authenticator = (nonce?: string) => unknown;

/** The part of a NATS driver that is needed before a connection exists; both drivers have it. */
export interface NatsDriver {
  nkeyAuthenticator(seed: Uint8Array): Authenticator;
  credsAuthenticator(creds: Uint8Array): Authenticator;
}

/**
 * Loads the driver that the host's Nest transport will load: `@nats-io/transport-node` for Nest 12, `nats` for
 * Nest 11. It is looked up first because Nest ends the process when its driver is not installed, and a missing
 * driver must cost a service its license updates, not its life.
 *
 * @throws {CONFIGURATION_INVALID} when it is not installed; the message has the command
 */
export function loadNatsDriver(): NatsDriver {
  let name = '@nestjs/microservices';
  try {
    const fromNest = createRequire(ownRequire.resolve(name));
    const { version } = fromNest('./package.json') as { version: string };
    name = Number.parseInt(version, 10) >= 12 ? '@nats-io/transport-node' : 'nats';
    return fromNest(name) as NatsDriver;
  } catch (cause) {
    throw new LicenseError(
      'CONFIGURATION_INVALID',
      `expected the package ${name}, which carries the license over NATS, found none: run "npm install ${name}" or set NATS_URL=off`,
      { cause },
    );
  }
}
