import { statSync } from 'node:fs';

import { expectSame } from './claims.mjs';

/** The permissions of a file, as in `0600`. */
export function modeOf(path) {
  return (statSync(path).mode & 0o7777).toString(8).padStart(4, '0');
}

/**
 * Asks all services the same and expects the same status of all.
 *
 * @returns {Promise<string>} as in `200 200 200 from /operate-logs`
 * @throws {Error} naming the service that answers otherwise
 */
export async function expectStatus(services, path, expected) {
  for (const service of services) {
    const { status, body } = await service.get(path);
    if (status !== expected) {
      throw new Error(
        `${service.name} ${path}: expected ${expected}, found ${status} ${JSON.stringify(body)}`,
      );
    }
  }
  return `${services.map(() => expected).join(' ')} from ${path}`;
}

/** Expects every service to hold its license in a file that only it can read. @returns the modes */
export function expectPrivateKeyFiles(services) {
  for (const { name, keyFile } of services)
    expectSame(`mode of the key file of ${name}`, modeOf(keyFile), '0600');
  return services.map(({ keyFile }) => modeOf(keyFile)).join(' ');
}
