import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';

import { persistentConnection, systemClock } from '@latchkey/license/protocol';

import { Broadcasts } from './broker/broadcasts.js';
import { Broker } from './broker/broker.js';
import { BroadcastClient } from './broker/nats-transport.js';
import { Publisher } from './broker/publisher.js';
import { responderFor } from './broker/responder.controller.js';
import { RetainedCopy } from './broker/retained-copy.js';
import { ServerConfig } from './config/server-config.js';
import { HealthController } from './health/health.controller.js';
import { HealthService } from './health/health.service.js';
import { EncryptionKeysFile } from './license/encryption-keys-file.js';
import { LicenseFile } from './license/license-file.js';
import { LicenseWatch } from './license/license-watch.js';
import { RevocationList } from './license/revocation-list.js';
import { Sealer } from './license/sealer.js';

/** Wires the license-server: files → watches → sealer → broadcasts and replies. */
@Module({})
export class AppModule {
  static for(config: ServerConfig): DynamicModule {
    const { trustedKeys, source, product, serverId, subjects, nats } = config;
    const clock = systemClock;
    const licenseLogger = new Logger('License');
    const natsLogger = new Logger('NATS');
    return {
      module: AppModule,
      imports: [ScheduleModule.forRoot()],
      controllers: [HealthController, responderFor(subjects.request)],
      providers: [
        HealthService,
        { provide: ServerConfig, useValue: config },
        {
          provide: EncryptionKeysFile,
          useFactory: () =>
            new EncryptionKeysFile(config.encryptionKeysFile, config.encryptionKeys, clock, licenseLogger),
        },
        {
          provide: RevocationList,
          useFactory: () => new RevocationList(config.revocationsPath, trustedKeys, clock, licenseLogger),
        },
        {
          provide: Sealer,
          inject: [EncryptionKeysFile, RevocationList],
          useFactory: (keys: EncryptionKeysFile, revocations: RevocationList) =>
            new Sealer(keys, revocations, serverId, clock),
        },
        {
          provide: LicenseFile,
          useFactory: () => new LicenseFile(source, trustedKeys, product, (text) => licenseLogger.warn(text)),
        },
        {
          provide: LicenseWatch,
          inject: [LicenseFile, Sealer],
          useFactory: (file: LicenseFile, sealer: Sealer) =>
            new LicenseWatch(file, sealer, clock, licenseLogger),
        },
        { provide: Broker, useFactory: () => new Broker(nats.servers, clock, natsLogger) },
        {
          provide: BroadcastClient,
          useFactory: () =>
            new BroadcastClient({
              ...persistentConnection,
              // The permissions of docs/nats.md refer to it.
              inboxPrefix: '_INBOX_server',
              ...nats,
              name: `license-server ${serverId}`,
            }),
        },
        {
          provide: Publisher,
          inject: [BroadcastClient, Broker],
          useFactory: (client: BroadcastClient, broker: Broker) =>
            new Publisher(subjects.key, client, broker, clock, natsLogger),
        },
        {
          provide: RetainedCopy,
          inject: [BroadcastClient, Broker],
          useFactory: (client: BroadcastClient, broker: Broker) =>
            new RetainedCopy(subjects, client, broker, natsLogger),
        },
        {
          provide: Broadcasts,
          inject: [LicenseWatch, Sealer, Publisher, RetainedCopy, SchedulerRegistry],
          useFactory: (
            watch: LicenseWatch,
            sealer: Sealer,
            publisher: Publisher,
            retainedCopy: RetainedCopy,
            scheduler: SchedulerRegistry,
          ) => new Broadcasts(config.publishIntervalMs, watch, sealer, publisher, retainedCopy, scheduler),
        },
      ],
    };
  }
}
