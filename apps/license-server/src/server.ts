import { Logger, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { persistentConnection } from '@latchkey/license/protocol';

import { AppModule } from './app.module.js';
import { Broadcasts } from './broker/broadcasts.js';
import { Broker } from './broker/broker.js';
import { BroadcastClient, RequestServer } from './broker/nats-transport.js';
import { ReplySerializer } from './broker/reply-serializer.js';
import { RequestDeserializer } from './broker/request-deserializer.js';
import type { ServerConfig } from './config/server-config.js';
import { describeLicense } from './license/describe-license.js';
import { LicenseWatch } from './license/license-watch.js';
import { ServerLogger } from './logging/server-logger.js';

/**
 * Starts the license-server: the license file is read, HTTP listens, and only then the broker is looked for, for
 * as long as it takes. Resolves as soon as HTTP listens.
 *
 * @throws the error of `listen` (`EADDRINUSE`, ...)
 */
export async function startServer(config: ServerConfig): Promise<INestApplication> {
  const { nats, subjects, serverId, httpHost, httpPort } = config;
  const app = await NestFactory.create(AppModule.for(config), {
    logger: new ServerLogger(config),
    // Health checks keep their connections open; waiting for them would delay every shutdown.
    forceCloseConnections: true,
  });
  const requests = new RequestServer({
    ...persistentConnection,
    ...nats,
    name: `license-server ${serverId} requests`,
    queue: subjects.queue,
    deserializer: new RequestDeserializer(subjects.request),
    serializer: new ReplySerializer(),
  });
  app.connectMicroservice({ strategy: requests });
  await app.listen(httpPort, httpHost);
  await introduce(app, config);

  const broker = app.get(Broker);
  const client = app.get(BroadcastClient);
  const broadcasts = app.get(Broadcasts);
  broker.keep('requests', {
    open: () => app.startAllMicroservices(),
    close: () => requests.close(),
    status: requests.status,
    refusals$: requests.refusals$,
  });
  broker.keep(
    'broadcasts',
    {
      open: () => client.connect(),
      close: () => client.close(),
      status: client.status,
      refusals$: client.refusals$,
    },
    () => broadcasts.soon(),
  );
  return app;
}

async function introduce(app: INestApplication, config: ServerConfig): Promise<void> {
  const logger = new Logger('Server');
  const { current } = app.get(LicenseWatch);
  const license = current === null ? 'no license' : describeLicense(current);
  logger.log(
    `${config.serverId} listens on ${await app.getUrl()}, serves ${license}, seals with key ${config.encryptionKeys.first.kid}, trusts ${config.trustedKeys.kids.join(', ')}`,
  );
  for (const warning of config.warnings) logger.warn(warning);
}
