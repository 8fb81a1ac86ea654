// How cost grows with what is in a license. With the fleet: see the renewal.
import { openSealedLicense, verifySignedLicense } from '@latchkey/license/protocol';

import { alternate } from '../harness/alternate.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { HandFedInstance } from '../harness/hand-fed-instance.mjs';
import { timed } from '../harness/loops.mjs';
import { Result } from '../harness/result.mjs';
import { median } from '../harness/statistics.mjs';

const sizes = [1, 10, 100, 500];

export async function run({ quick, rounds }) {
  const result = new Result('growth', 'How cost grows with the features of a license', 'ns');
  const checks = {};
  const openings = {};
  for (const features of sizes) {
    const deployment = await Deployment.create({ features });
    const instance = new HandFedInstance(deployment);
    instance.hear(deployment.packet(deployment.issue()));
    if (!instance.status.active) throw new Error(`expected a license with ${features} features in force`);
    const last = `feature-${features - 1}`;
    const { state } = instance;
    checks[`${features} features: one check`] = timed(
      () => state.isActive() && state.current.signed.license.features[last] === true,
      quick ? 20_000 : 50_000,
    );
    const { ring, trustedKeys } = deployment;
    const sealed = deployment.seal(deployment.issue());
    openings[`${features} features: open and verify`] = timed(
      () => verifySignedLicense(openSealedLicense(sealed, ring).license, trustedKeys).license.serial === 2,
      quick ? 20 : 100,
    );
  }
  const options = { rounds, warmUp: 3, slices: 15 };
  const check = await alternate(checks, options);
  const opening = await alternate(openings, options);
  result.measure(check);
  result.measure(
    Object.fromEntries(
      Object.entries(opening).map(([label, values]) => [label, values.map((ns) => ns / 1000)]),
    ),
    'µs',
  );
  const [first] = Object.values(check);
  result.compare('one check: 500 features / 1 feature', Object.values(check).at(-1), first, { atMost: 1.15 });
  result.compare(
    'open and verify: 500 features / 1 feature',
    Object.values(opening).at(-1),
    Object.values(opening)[0],
  );
  result.series = [
    { title: 'One check', x: 'features', y: 'ns', points: pointsOf(check, 1) },
    { title: 'Open and verify', x: 'features', y: 'µs', points: pointsOf(opening, 1000) },
  ];
  return result;
}

function pointsOf(samples, unit) {
  return Object.values(samples).map((values, i) => [sizes[i], median(values) / unit]);
}
