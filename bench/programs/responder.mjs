// Answers requests for the license with one ready-made reply: `raw` on the driver, `stock` as a Nest handler that
// returns the same object each time, through Nest's own serializer.
import 'reflect-metadata';
import { Controller, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Transport } from '@nestjs/microservices';
import { connect } from '@nats-io/transport-node';

import { serve } from '../harness/programs.mjs';

const [kind, url, subject, queue, sealed] = process.argv.slice(2);
Logger.overrideLogger(false);
if (kind === 'raw') await startRaw();
else await startStock();
serve({ ready: () => process.pid });

/** The only thing that differs from reply to reply is the id of the request, as any requester expects. */
async function startRaw() {
  const connection = await connect({ servers: url });
  const head = `{"response":${JSON.stringify({ v: 1, sealed })},"isDisposed":true,"id":`;
  connection.subscribe(subject, {
    queue,
    callback: (_, message) => message.respond(`${head}${JSON.stringify(message.json().id)}}`),
  });
  await connection.flush();
}

async function startStock() {
  class Responder {
    answer() {
      return { v: 1, sealed };
    }
  }
  Controller()(Responder);
  const { prototype } = Responder;
  MessagePattern(subject)(prototype, 'answer', Object.getOwnPropertyDescriptor(prototype, 'answer'));
  class Root {}
  Module({ controllers: [Responder] })(Root);
  const app = await NestFactory.createMicroservice(Root, {
    transport: Transport.NATS,
    options: { servers: [url], queue },
  });
  await app.listen();
}
