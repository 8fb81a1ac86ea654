import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { repository } from '../../scripts/set-up.mjs';

/** A package registry that has one package, our tarball: `nest add` installs by name. */
export class TarballRegistry {
  #server;

  /** @param {string} tarball its path */
  constructor(tarball) {
    const bytes = readFileSync(tarball);
    const manifest = JSON.parse(readFileSync(join(repository, 'libs', 'license', 'package.json'), 'utf8'));
    const { name, version } = manifest;
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    this.#server = createServer(({ url }, response) => {
      if (url === '/tarball') return response.end(bytes);
      if (decodeURIComponent(url ?? '') !== `/${name}`) return response.writeHead(404).end();
      const dist = { tarball: `${this.url}/tarball`, integrity };
      const versions = { [version]: { ...manifest, dist } };
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
    });
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** The line of an .npmrc that sends npm here for our package, and nowhere else. */
  get npmrc() {
    return `@latchkey:registry=${this.url}/\n`;
  }

  async start() {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
