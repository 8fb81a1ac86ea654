import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { formatLicenseText } from '@latchkey/license/protocol';

import { repository } from '../../scripts/set-up.mjs';
import { Part } from './part.mjs';

const program = join(repository, 'dist', 'apps', 'license-server', 'main.js');

/** A license-server with its own license file and its own clock. */
export class LicenseServer extends Part {
  /** @param {Record<string, string>} variables */
  constructor(stage, name, variables, clockOffMs = 0) {
    super(stage, name);
    const shiftClock = `const now = Date.now; Date.now = () => now() + ${clockOffMs};`;
    this.variables = {
      LICENSE_SERVER_ID: name,
      LICENSE_PATH: this.path('license.lic'),
      HTTP_PORT: '0',
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(shiftClock)}`,
      ...variables,
    };
  }

  /** @param {Record<string, string>} [more] variables for this one time */
  start(more = {}) {
    this.launch([process.execPath, program], { ...this.variables, ...more });
  }

  /** Puts a license in place, in one step, as a careful operator does. */
  install({ jws }) {
    mkdirSync(this.path(), { recursive: true });
    writeFileSync(this.path('license.new'), formatLicenseText(jws));
    renameSync(this.path('license.new'), this.path('license.lic'));
  }
}
