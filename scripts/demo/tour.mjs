import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from '../set-up.mjs';
import { expectSame } from './claims.mjs';
import { Deployment } from './deployment.mjs';
import { modeOf } from './evidence.mjs';
import { forgery } from './forgery.mjs';
import { brokerAndServerStart, nothingButServices, outage } from './outages.mjs';
import { defaultKeyFile, expiry, renewal } from './renewals.mjs';
import { inSeconds, Vendor } from './vendor.mjs';

/**
 * What the scenes share.
 *
 * @typedef {object} Tour
 * @property {import('./stage.mjs').Stage} stage
 * @property {import('./claims.mjs').Claims} claims
 * @property {Vendor} vendor
 * @property {Deployment} deployment
 * @property {import('./service.mjs').Service[]} services
 */

/**
 * The whole promise, scene by scene. What was started still runs afterwards.
 *
 * @param {import('./stage.mjs').Stage} stage
 * @param {import('./claims.mjs').Claims} claims
 * @param {string} natsServer the program
 * @returns {Promise<Tour>}
 */
export async function playTour(stage, claims, natsServer) {
  const vendor = new Vendor(stage);
  const license = await keysAndLicense(vendor, claims);
  const deployment = await Deployment.create(stage, vendor, natsServer);
  const services = ['app-server', 'agent-server', 'app-runtime'].map((name) => deployment.service(name));
  const tour = { stage, claims, vendor, deployment, services };

  await nothingButServices(tour);
  const oldBroadcast = await brokerAndServerStart(tour, license);
  await outage(tour);
  await renewal(tour);
  await forgery(tour, oldBroadcast);
  await defaultKeyFile(tour);
  await expiry(tour);
  return tour;
}

async function keysAndLicense(vendor, claims) {
  claims.scene('The vendor makes keys and issues a license');
  await claims.claim('the signing key is private', async () => {
    await vendor.latchkey('keygen', '--out', vendor.folder);
    expectSame('mode of vendor.private.pem', modeOf(vendor.privateKey), '0600');
    return 'vendor.private.pem 0600, vendor.public.jwks.json to ship with the app';
  });
  // The build of a product ships the vendor's public keys with the program.
  copyFileSync(vendor.publicKeys, join(repository, 'dist', 'apps', 'demo-app', 'vendor.public.jwks.json'));

  const license = await vendor.issue(inSeconds(365 * 24 * 60 * 60));
  await claims.claim('whoever has the public key can check the license', async () => {
    await vendor.latchkey('verify', license.file, '--keys', vendor.publicKeys, '--product', 'agent-os');
    return '"latchkey verify" exits with 0';
  });
  return license;
}
