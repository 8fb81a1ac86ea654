// One process of the fleet: several licensed instances, each with its own key file and its own connection. Prints
// one line of JSON whenever one of them believes something else than before; anything else it prints is a fault.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';

import { LicenseModule, LicenseService } from '@latchkey/license';

const sampleIntervalMs = 25;
const trustedKeys = JSON.parse(process.env.VENDOR_KEYS);
const names = process.argv.slice(2);

process.on('warning', (warning) => console.log(warning.stack));
const starting = names.map((name) => start(name));
const instances = await Promise.all(starting);
setInterval(() => {
  for (const watch of instances) watch();
}, sampleIntervalMs);

/** @returns a function that looks at the instance and prints what is new */
async function start(name) {
  const module = LicenseModule.forRoot({ product: 'agent-os', trustedKeys, keyPath: `${name}/license.key` });
  const app = await NestFactory.createApplicationContext(module, { logger: false });
  const service = app.get(LicenseService);
  let last = '';
  const watch = () => {
    const { license, edition, reason, persisted } = service.status;
    const licensed = service.hasEdition('enterprise');
    const belief = { instance: name, licensed, serial: license?.serial, edition, reason, persisted };
    if (JSON.stringify(belief) === last) return;
    last = JSON.stringify(belief);
    console.log(JSON.stringify({ atMs: Date.now(), ...belief }));
  };
  service.changes$.subscribe(watch);
  return watch;
}
