// "Is it licensed?", asked in a program, beside the least it can cost and beside what others do for it.
import 'reflect-metadata';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

import { NestFactory } from '@nestjs/core';

import { LicenseModule, LicenseService } from '@latchkey/license';

import { alternate } from '../harness/alternate.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { timed, timedAsync } from '../harness/loops.mjs';
import { loadPeer } from '../harness/peers.mjs';
import { Result } from '../harness/result.mjs';

export async function run({ quick, rounds }) {
  const result = new Result('licensed-check', '"Is it licensed?", in process', 'ns');
  const deployment = await Deployment.create();
  const license = deployment.issue();
  const app = await NestFactory.createApplicationContext(
    LicenseModule.forRoot({
      product: 'agent-os',
      trustedKeys: deployment.publicKeys,
      environment: { LICENSE: license, NATS_URL: 'off' },
      adapters: { store: null },
    }),
    { logger: false },
  );
  const service = app.get(LicenseService);
  const times = quick ? 20_000 : 50_000;
  const slowTimes = quick ? 20 : 50;

  const state = { ok: true, endMs: performance.now() + 1e9, wallEndMs: Date.now() + 1e9 };
  const variants = {
    'a boolean and performance.now()': timed(() => state.ok && performance.now() < state.endMs, times),
    'a boolean and Date.now()': timed(() => state.ok && Date.now() < state.wallEndMs, times),
    'license.active': timed(() => service.active, times),
    'license.hasFeature(name)': timed(() => service.hasFeature('feature-7'), times),
    "license.hasEdition('enterprise')": timed(() => service.hasEdition('enterprise'), times),
  };
  const floor = 'a boolean and performance.now()';

  const n8n = await n8nManager(result, deployment);
  if (n8n !== null) {
    variants['@n8n_io/license-sdk hasFeatureEnabled()'] = timed(
      () => n8n.hasFeatureEnabled('feature-7'),
      times / 5,
    );
  }
  const camunda = await camundaCheck(result);
  if (camunda !== null) variants['@camunda/license-validator, each time'] = timed(camunda, slowTimes);
  for (const [label, task] of Object.entries(await tokenChecks(result, deployment, license))) {
    variants[label] = timedAsync(task, slowTimes);
  }

  const samples = await alternate(variants, { rounds, warmUp: 3, slices: 15 });
  await app.close();

  result.measure(samples);
  result.compare('active / floor', samples['license.active'], samples[floor], { atMost: 1.15 });
  result.compare('hasFeature / floor', samples['license.hasFeature(name)'], samples[floor], { atMost: 1.25 });
  result.compare('hasEdition / floor', samples["license.hasEdition('enterprise')"], samples[floor]);
  for (const label of Object.keys(variants).filter((name) => name.startsWith('@') || name.startsWith('j'))) {
    const reach = label.startsWith('@n8n') ? { atLeast: 6 } : {};
    result.compare(`${label} / hasFeature`, samples[label], samples['license.hasFeature(name)'], reach);
  }
  return result;
}

const silent = () => {};

/** n8n's manager with a license in it. Only n8n can sign one, so it is put where initialize() would put it. */
async function n8nManager(result, { features }) {
  const peer = await loadPeer('@n8n_io/license-sdk');
  if (peer.version === null) return result.missing(peer) && null;
  const manager = new peer.module.LicenseManager({
    tenantId: 1,
    productIdentifier: 'bench',
    offlineMode: true,
    autoRenewEnabled: false,
    deviceFingerprint: () => 'bench',
    loadCertStr: async () => '',
    saveCertStr: async () => {},
    logger: { error: silent, warn: silent, info: silent, debug: silent },
  });
  const [from, to] = [new Date(Date.now() - 1e9), new Date(Date.now() + 1e9)];
  manager.licenseCert = {
    tenantId: 1,
    createdAt: from,
    issuedAt: from,
    expiresAt: to,
    terminatesAt: to,
    deviceLock: false,
    entitlements: [{ features, featureOverrides: {}, validFrom: from, validTo: to }],
  };
  manager.updateCurrentFeatures();
  result.note(
    `@n8n_io/license-sdk ${peer.version}: its license was put in place, not loaded: only n8n can sign one`,
  );
  return manager;
}

/** Camunda's validator as its README uses it. Only Camunda can sign, so its answer is no, after the same work. */
async function camundaCheck(result) {
  const peer = await loadPeer('@camunda/license-validator');
  if (peer.version === null) return result.missing(peer) && null;
  const { LicenseChecker } = peer.module;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 4096 });
  const properties = 'customer=bench;expiryDate=2099-01-01;licenseType=production';
  let signature = sign('sha256', Buffer.from(properties), privateKey);
  // One that is above the key's modulus would be refused before the arithmetic.
  for (let i = 0; signature[0] >= 0x80; i += 1)
    signature = sign('sha256', Buffer.from(`${properties}${i}`), privateKey);
  const text = `${signature.toString('base64')};${properties}`;
  result.note(
    `@camunda/license-validator ${peer.version}: refuses our signature after verifying it; only Camunda can sign`,
  );
  return () => {
    try {
      new LicenseChecker(
        text,
        true,
        () => {},
        () => {},
      ).validate();
      return false;
    } catch (error) {
      return error.message === 'Your license is invalid.';
    }
  };
}

/** The license's own signature, verified at each call by the libraries that people use for it. */
async function tokenChecks(result, { key, publicKeys }, license) {
  const checks = {};
  const pem = createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' });
  const algorithms = ['PS256'];
  const jsonwebtoken = await loadPeer('jsonwebtoken');
  if (jsonwebtoken.version === null) result.missing(jsonwebtoken);
  else {
    const { verify } = jsonwebtoken.module.default;
    checks[`jsonwebtoken ${jsonwebtoken.version}, each time`] = async () =>
      verify(license, pem, { algorithms }).v === 1;
  }
  const jwt = await loadPeer('@nestjs/jwt');
  if (jwt.version === null) result.missing(jwt);
  else {
    const service = new jwt.module.JwtService({ publicKey: pem, verifyOptions: { algorithms } });
    checks[`@nestjs/jwt ${jwt.version}, each time`] = async () =>
      (await service.verifyAsync(license)).v === 1;
  }
  const jose = await loadPeer('jose');
  if (jose.version === null) result.missing(jose);
  else {
    const publicKey = await jose.module.importJWK(publicKeys.keys[0], 'PS256');
    checks[`jose ${jose.version}, each time`] = async () =>
      (await jose.module.jwtVerify(license, publicKey, { algorithms })).payload.v === 1;
  }
  return checks;
}
