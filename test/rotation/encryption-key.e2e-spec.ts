import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openKeyFile } from '@latchkey/license/protocol';
import { until } from '@latchkey/license/testing';

import { Deployment, services } from './deployment.js';

describe('rotating the encryption key', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await Deployment.start();
  }, 60_000);
  afterAll(() => deployment.stop());

  /** Every machine has said that these are its keys now. */
  async function keysAre(...kids: string[]): Promise<void> {
    const line = `encryption keys now: ${kids.join(', ')}; the first one seals`;
    const programs = [deployment.server, ...services.map((name) => deployment.service(name))];
    await until(() => programs.every(({ output }) => output.includes(line)));
    expect((await deployment.health()).server.encryptionKeys).toEqual(kids);
  }

  it('goes by the runbook to its end, and no service is community for a moment', async () => {
    const { runbook, witness } = deployment;
    const before = services.map((name) => readFileSync(join(deployment.folder(name), 'license.key'), 'utf8'));
    const LICENSE_SERVER = deployment.server.url;

    await runbook.follow('1. Add the new key everywhere', { LICENSE_SERVER });
    await keysAre('2026-11', '2027-01');
    expect(await deployment.reasons()).toEqual([]);

    await runbook.follow('2. Promote it');
    await keysAre('2027-01', '2026-11');

    await until(async () => {
      const shown = await runbook.follow('3. See that nothing is sealed with the old key');
      return shown.match(/^sealed with +2027-01$/gm)?.length === services.length;
    });

    await runbook.follow('4. Retire the old key');
    await keysAre('2027-01');
    for (const sealed of before) {
      expect(() => openKeyFile(sealed, deployment.ring('app-server'))).toThrow('which is not in this ring');
    }

    // Nothing is left that could help: no server, no broker, no old key.
    const asked = services.map((name) => witness.asked(name));
    await deployment.leaveServicesAlone();
    await until(() => services.every((name, i) => witness.asked(name) > (asked[i] ?? 0) + 10));
    for (const status of await deployment.statuses()) {
      expect(status).toMatchObject({
        state: 'active',
        edition: 'enterprise',
        source: 'file',
        persisted: true,
      });
    }
    expect(services.map((name) => deployment.keyFile(name).kid)).toEqual(services.map(() => '2027-01'));
    expect(witness.refusals).toEqual([]);
  }, 90_000);
});
