import { LicenseModule, LicenseService } from '@latchkey/license';
import { encodeRequest, parseReply, sealLicense, subjectsFor } from '@latchkey/license/protocol';
import { TestIssuer, until } from '@latchkey/license/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { connect, type Msg, type NatsConnection } from 'nats';

import { Deployment, type ServerProcess } from '../../apps/license-server/test/server-process.js';
import { Broker } from '../support/broker.js';
import { forgedReplies, replyPacket } from './forgeries.js';

const subjects = subjectsFor('license');
const instances = 200;
/** As many start at once as a cluster would roll out. */
const atOnce = 25;

describe('200 instances whose every request a forger answers, too', () => {
  let broker: Broker;
  let deployment: Deployment;
  let forger: NatsConnection;
  let server: ServerProcess;
  let envelope: string;
  let stranger: string;
  /** By inbox: was the first answer that arrived there the forger's? */
  const forgerWasFirst = new Map<string, boolean>();
  const forged = new Set<string>();
  let answered = 0;

  beforeAll(async () => {
    broker = await Broker.start();
    deployment = await Deployment.create(broker.url);
    deployment.put(deployment.issuer.issue());
    server = await deployment.start();
    // Its first broadcast is over, and the next is minutes away: what the instances get, they get by asking.
    await until(async () => (await server.health()).nats.lastPublishedAt !== null);
    forger = await connect({ servers: broker.url });
    await until(async () => {
      const reply = await forger.request(subjects.request, encodeRequest(subjects, 'r'), { timeout: 1_000 });
      envelope = parseReply(reply.data, 'r');
      return true;
    });
    stranger = (await TestIssuer.create()).issue({ serial: 2 ** 40, edition: 'flagship' });
    forger.subscribe('_INBOX_instance.>', { callback: (_error, message) => note(message) });
    forger.subscribe(subjects.request, { callback: (_error, message) => forge(message) });
    await forger.flush();
  });
  afterAll(async () => {
    await forger.close();
    await deployment.remove();
    await broker.kill();
  });

  function note({ subject, data }: Msg): void {
    const text = Buffer.from(data).toString();
    if (!forgerWasFirst.has(subject)) forgerWasFirst.set(subject, forged.has(text));
  }

  /** Every request gets another kind of forgery. Those of an insider, who has the encryption key, are among them. */
  function forge(request: Msg): void {
    const { id } = request.json<{ id: string }>();
    const seal = (license: string | null): string =>
      sealLicense({ sealedAtMs: Date.now(), server: 'forger', license }, deployment.keys);
    const replies = [
      ...forgedReplies(envelope, id),
      replyPacket(seal(null), id),
      replyPacket(seal(stranger), id),
      replyPacket(seal('not.a.license'), id),
    ];
    const reply = replies[answered % replies.length] ?? '';
    forged.add(reply);
    request.respond(reply);
    answered += 1;
  }

  function startInstance(): Promise<INestApplicationContext> {
    const { LICENSE_PATH: _ofServer, ...environment } = deployment.env;
    return NestFactory.createApplicationContext(
      LicenseModule.forRoot({
        product: 'agent-os',
        trustedKeys: { ...deployment.issuer.trustedKeys },
        environment,
        adapters: { store: null },
      }),
      { logger: false },
    );
  }

  it('all end with the license that the vendor signed', async () => {
    const ends: string[] = [];
    for (let begun = 0; begun < instances; begun += atOnce) {
      const before = answered;
      void server.stop('SIGSTOP'); // resolves when it has ended: it is only held back until the forger was first
      const batch = await Promise.all(Array.from({ length: atOnce }, startInstance));
      await until(() => answered >= before + atOnce);
      await forger.flush();
      void server.stop('SIGCONT');
      const licenses = batch.map((app) => app.get(LicenseService));
      await until(() => licenses.every((license) => license.active));
      ends.push(
        ...licenses.map(({ status }) => `${status.edition} ${status.license?.serial} ${status.source}`),
      );
      await Promise.all(batch.map((app) => app.close()));
    }
    expect(ends).toEqual(Array.from({ length: instances }, () => 'enterprise 1 reply'));
    expect(answered).toBeGreaterThanOrEqual(instances);
    const lost = [...forgerWasFirst.values()].filter(Boolean).length;
    console.info(`the forger's answer was the first one to ${lost} of ${forgerWasFirst.size} requests`);
    expect(lost).toBeGreaterThan(instances / 2); // all of them, unless this machine is very slow
  }, 120_000);
});
