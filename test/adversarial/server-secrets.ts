import { exportSigningKey } from '@latchkey/license/issuing';

import type { Deployment } from '../../apps/license-server/test/server-process.js';

/**
 * What a license-server of this deployment must never say in the clear, whoever asks whatever.
 *
 * @param jws the license it serves
 */
export function expectNothingSecret(text: string, deployment: Deployment, jws: string): void {
  const [, key = ''] = deployment.env['LICENSE_ENCRYPTION_KEYS']?.split(':') ?? [];
  const asHex = Buffer.from(key, 'base64url').toString('hex');
  const privateKey = exportSigningKey(deployment.issuer.key).split('\n')[2] ?? '';
  for (const secret of [key, asHex, privateKey, ...jws.split('.'), 'Test Customer', 'customer-1']) {
    expect(text).not.toContain(secret);
  }
  expect(text).not.toMatch(/^\s+at |node_modules|file:\/\/|dist\/apps/m); // a stack trace
}
