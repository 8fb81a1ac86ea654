import { sealedMessage, sealLicense } from '@latchkey/license/protocol';
import { until } from '@latchkey/license/testing';

import { LicenseBus } from '../../apps/license-server/test/license-bus.js';
import { Deployment, services } from './deployment.js';

let deployment: Deployment;
let bus: LicenseBus;

beforeEach(async () => {
  deployment = await Deployment.start({ LICENSE_REVOCATIONS_PATH: 'revocations.jwt' });
  bus = await LicenseBus.connect(deployment.broker.url);
}, 60_000);
afterEach(async () => {
  await bus.close();
  await deployment.stop();
});

async function broadcast(sealed: string): Promise<void> {
  bus.connection.publish(
    'license.key',
    JSON.stringify({ pattern: 'license.key', data: sealedMessage(sealed) }),
  );
  await bus.connection.flush();
}

/** Seals a license as somebody can who took over a machine. */
function sealByInsider(license: string | null, sealedAtMs: number): string {
  return sealLicense({ sealedAtMs, server: 'insider', license }, deployment.ring('app-server'));
}

const isRevoked = (): Promise<boolean> =>
  deployment.all(({ state, active, edition }) => state === 'revoked' && !active && edition === 'community');

describe('revoking a license', () => {
  it('ends it on every service, across restarts and whatever is replayed, until there is another one', async () => {
    const { runbook } = deployment;
    const LICENSE_SERVER = deployment.server.url;
    const earlier = (await bus.ask()).response.sealed;

    await runbook.follow('Revoke a license', { LICENSE_SERVER, LICENSE_ID: 'lic-1' });
    await until(isRevoked);
    expect(await deployment.reasons()).toEqual(['REVOKED']);
    for (const name of services) {
      expect(await deployment.service(name).get('/operate-logs')).toMatchObject({
        status: 402,
        body: { code: 'LICENSE_EDITION_REQUIRED', reason: 'revoked' },
      });
    }

    // Replayed: an envelope from before the revocation, then the license alone, sealed by an insider's slow clock.
    const minutesAgo = Date.now() - 5 * 60_000;
    await broadcast(earlier);
    await broadcast(sealByInsider(deployment.keyFile('app-server').content.license, minutesAgo));
    await until(() => deployment.all(({ clockOffsetMs }) => (clockOffsetMs ?? 0) < -4 * 60_000)); // both were heard
    expect(await isRevoked()).toBe(true);

    await until(() => deployment.all(({ persisted }) => persisted));
    await deployment.leaveServicesAlone();
    expect(await isRevoked()).toBe(true);

    // A broker again, and on it nobody but the recording.
    await deployment.broker.start();
    await until(async () => {
      await broadcast(earlier);
      return deployment.all(({ freshness }) => freshness === 'fresh');
    });
    expect(await isRevoked()).toBe(true);

    await deployment.startServer();
    await runbook.type(`
      latchkey issue --key keys/vendor.private.pem --after license.lic --customer acme --product agent-os \\
        --edition enterprise --expires 2099-12-31 --id lic-2 --out next.lic
      mv next.lic license.lic
      roll_out license.lic license-server
    `);
    await until(() => deployment.all(({ active, license }) => active && license?.id === 'lic-2'));
    expect(await deployment.reasons()).toEqual([]);
  }, 90_000);
});

describe('downgrading on purpose', () => {
  it('takes effect on every service, and putting the older file back does not undo it', async () => {
    const { runbook } = deployment;
    const LICENSE_SERVER = deployment.server.url;
    const isDowngraded = (): Promise<boolean> =>
      deployment.all(({ edition, license }) => edition === 'community' && license?.id !== 'lic-1');

    await runbook.follow('Downgrade on purpose', {}, 0);
    await runbook.follow('Downgrade on purpose', {}, 1);
    await until(isDowngraded);
    await until(() => deployment.all(({ persisted }) => persisted));

    await runbook.follow('Downgrade on purpose', { LICENSE_SERVER }, 2);
    await until(async () => (await deployment.reasons()).includes('ROLLBACK'));
    expect(await isDowngraded()).toBe(true);

    // The server forgets; the services do not.
    await deployment.stopServer();
    await deployment.startServer();
    await until(() => deployment.all(({ lastRefusal }) => lastRefusal?.code === 'ROLLBACK'));
    expect((await deployment.health()).license?.id).toBe('lic-1');
    expect(await isDowngraded()).toBe(true);

    await deployment.leaveServicesAlone();
    expect(await isDowngraded()).toBe(true);
  }, 90_000);
});
