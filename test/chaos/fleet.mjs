import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { History } from './history.mjs';
import { Part } from './part.mjs';

const program = fileURLToPath(new URL('fleet-instances.mjs', import.meta.url));

/** One host of the fleet: a process with several licensed instances, and what they said. */
export class FleetHost extends Part {
  /** @type {Map<string, History>} by instance */
  histories = new Map();
  /** What it printed that is no belief: errors and warnings. @type {string[]} */
  complaints = [];

  /**
   * @param {import('./vendor.mjs').Vendor} vendor
   * @param {number} count of instances
   * @param {Record<string, string>} variables
   */
  constructor(stage, name, vendor, count, variables) {
    super(stage, name);
    this.variables = { VENDOR_KEYS: JSON.stringify(vendor.issuer.trustedKeys), ...variables };
    for (let index = 1; index <= count; index += 1) {
      this.histories.set(`instance-${index}`, new History(`${name}/${index}`, vendor.issued));
    }
  }

  start() {
    for (const history of this.histories.values()) history.started();
    this.launch([process.execPath, program, ...this.histories.keys()], this.variables);
  }

  async kill() {
    await super.kill();
    this.listen();
  }

  /** Removes the key files; only while it is not running. */
  wipe() {
    rmSync(this.path(), { recursive: true, force: true });
    for (const history of this.histories.values()) history.wiped();
  }

  /** Takes in what the instances said since last time. */
  listen() {
    for (const line of this.newLines()) {
      if (!line.startsWith('{"atMs"')) {
        this.complaints.push(`${this.name}: ${line}`);
        continue;
      }
      const { instance, ...belief } = JSON.parse(line);
      this.histories.get(instance).add(belief);
    }
  }

  /** True when all its instances are licensed by this serial and have it on their disks. */
  holds(serial) {
    return [...this.histories.values()].every((history) => history.holds(serial));
  }
}
