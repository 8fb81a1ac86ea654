import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keyLine } from '../../test/hand-made-instance.js';
import { OfflineApp } from '../../test/offline-app.js';
import { generateEncryptionKey } from '../issuing/keys.js';
import { parseEncryptionKeys } from '../protocol/encryption-keys.js';
import { sealedMessage } from '../protocol/messages.js';
import { openKeyFile, sealLicense } from '../protocol/sealed-license.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { until } from '../testing/until.js';

describe('encryption keys in a file', () => {
  const renewedLine = generateEncryptionKey('second');
  const renewed = parseEncryptionKeys(renewedLine);
  let issuer: TestIssuer;
  let directory: string;
  let path: string;
  let app: OfflineApp;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'latchkey-rotation-'));
    path = join(directory, 'keys');
    writeFileSync(path, keyLine, { mode: 0o600 });
    const environment = { LICENSE_ENCRYPTION_KEYS_FILE: path };
    app = await new OfflineApp(issuer, { encryptionKeys: undefined, environment }).start();
    app.source.connect();
    app.source.broadcast(issuer.issue());
    await until(() => app.license.status.persisted);
    app.log.take();
  });
  afterEach(async () => {
    await app.stop();
    rmSync(directory, { recursive: true });
  });
  const rotateTo = (content: string): void => {
    writeFileSync(path, content);
    app.clock.advance(2000);
  };
  const broadcastUnderRenewedKey = (license: string): void => {
    const sealed = sealLicense({ sealedAtMs: app.clock.wallMs(), server: 'x', license }, renewed);
    app.source.put(JSON.stringify({ pattern: 'license.key', data: sealedMessage(sealed) }));
  };

  it('are taken within two seconds: the key file is sealed anew, and the servers are asked', async () => {
    const asked = app.source.askedAtMs.length;
    rotateTo(`${renewedLine}\n`);
    await until(() => openKeyFile(app.store.sealed ?? '', renewed).kid === 'second');
    expect(app.source.askedAtMs).toHaveLength(asked + 1);
    broadcastUnderRenewedKey(issuer.issue({ edition: 'flagship' }));
    expect(app.license.edition).toBe('flagship');
    expect(app.log.take()[0]).toBe('log: encryption keys now: second; the first one seals');
  });

  it('may stand side by side while servers and instances change one after the other', () => {
    rotateTo(`${renewedLine},${keyLine}`);
    broadcastUnderRenewedKey(issuer.issue({ edition: 'professional' }));
    expect(app.license.edition).toBe('professional');
    app.source.broadcast(issuer.issue({ edition: 'flagship' }));
    expect(app.license.edition).toBe('flagship');
  });

  it.each(['', 'nonsense', 'second:correct horse battery staple 123', '{"keys":[]}'])(
    'are kept when the file holds %j now: one warning, and nothing of it',
    (content) => {
      rotateTo(content);
      app.source.broadcast(issuer.issue({ edition: 'flagship' }));
      expect(app.license.edition).toBe('flagship');
      const warnings = app.log.take().filter((line) => line.startsWith('warn: '));
      expect(warnings).toEqual([expect.stringContaining('the encryption keys read before stay in use')]);
      expect(warnings[0]).not.toMatch(/nonsense|staple/);
    },
  );

  it('are kept when the file is gone', () => {
    rmSync(path);
    app.clock.advance(2000);
    app.source.broadcast(issuer.issue({ edition: 'flagship' }));
    expect(app.license.edition).toBe('flagship');
  });
});
