// Starts instances one after the other, as new as can be, and says how long each took.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Logger } from '@nestjs/common';
import { connect } from '@nats-io/transport-node';

import { encodeRequest, subjectsFor, systemClock } from '@latchkey/license/protocol';

import { NatsLink } from '../../libs/license/dist/distribution/nats-link.js';
import { FileLicenseStore } from '../../libs/license/dist/store/file-license-store.js';
import { Instance } from '../harness/instance.mjs';
import { serve } from '../harness/programs.mjs';

Logger.overrideLogger(false);
const { url, ...deployment } = JSON.parse(process.argv[2]);
const subjects = subjectsFor('license');
const connection = await connect({ servers: url });
const limitMs = 10_000;

serve({
  async rawRequestMs() {
    const payload = encodeRequest(subjects, 'raw');
    const startedAt = performance.now();
    await connection.request(subjects.request, payload, { timeout: limitMs });
    return performance.now() - startedAt;
  },

  /** Milliseconds from connected to licensed and to saved; null when it was not licensed in time. */
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
    const source = new WatchedLink({ servers: [url] }, subjects, systemClock);
    const instance = new Instance(deployment, {
      source,
      store: new FileLicenseStore([join(folder, 'license.key')], () => {}),
    });
    const at = { licensed: null, saved: null };
    instance.bootstrap.statuses.subscribe(({ active, persisted }) => {
      if (active) at.licensed ??= performance.now();
      if (persisted) at.saved ??= performance.now();
    });
    instance.start();
    const deadline = performance.now() + limitMs;
    while (at.saved === null && performance.now() < deadline) await sleep(5);
    await instance.stop();
    rmSync(folder, { recursive: true, force: true });
    if (at.licensed === null) return null;
    return { licensedMs: at.licensed - source.connectedAt, savedMs: at.saved - source.connectedAt };
  },
});

/** The real way to the servers; remembers when it was open. */
class WatchedLink extends NatsLink {
  start(listener) {
    super.start({
      connected: () => {
        this.connectedAt = performance.now();
        listener.connected();
      },
      unreachable: (problem) => listener.unreachable(problem),
      broadcast: (packet) => listener.broadcast(packet),
      reply: (packet, id) => listener.reply(packet, id),
      retained: (packet) => listener.retained(packet),
    });
  }
}
