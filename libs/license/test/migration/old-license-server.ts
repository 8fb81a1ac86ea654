import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { OldLicense } from './plans.js';

/** The license server that the hand-made guard asks. */
export class OldLicenseServer {
  /** How often it was asked. */
  asked = 0;
  license: OldLicense = { plan: 'free', features: [] };
  #server: Server | null = null;

  async start(): Promise<void> {
    this.#server = createServer((_request, response) => {
      this.asked += 1;
      response.setHeader('connection', 'close').end(JSON.stringify(this.license));
    }).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    process.env['LICENSE_SERVER'] = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
}
