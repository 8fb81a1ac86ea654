import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';

import { LicenseModule, LicenseService } from '@latchkey/license';

/** Starts a licensed service that has nothing but its key file, asks what it believes, and stops it. */
export async function restart(keyPath, { trustedKeys, variables }) {
  const service = LicenseModule.forRoot({
    product: 'agent-os',
    trustedKeys,
    encryptionKeys: variables.ENCRYPTION_KEYS,
    keyPath,
    nats: false,
    environment: {},
  });
  const app = await NestFactory.createApplicationContext(service, { logger: false });
  const { status } = app.get(LicenseService);
  await app.close();
  return { active: status.active, serial: status.license?.serial, edition: status.edition };
}
