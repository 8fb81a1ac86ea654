// npm run test:container: builds both images and runs compose.yaml with podman, for real. One line per check; the last
// line is "N passed, N failed". Where containers cannot be run it says why, and counts nothing.
import { checkDeployment } from './container/deployment-checks.mjs';
import { Deployment } from './container/deployment.mjs';
import { checkImage } from './container/image-checks.mjs';
import { baseImage, natsImage } from './container/images.mjs';
import { NoContainers } from './container/packages.mjs';
import { Podman } from './container/podman.mjs';
import { Claims } from './demo/claims.mjs';
import { ensureBuilt, ensureDependencies, SetUpError } from './set-up.mjs';

const claims = new Claims();
const startMs = performance.now();
let podman;
try {
  ensureDependencies();
  ensureBuilt();
  podman = await Podman.open();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      podman.close();
      process.exit(1);
    });
  }
  await checkEverything();
} catch (error) {
  if (error instanceof NoContainers) {
    console.log(`skipped: ${error.message}`);
  } else {
    claims.failed += 1;
    console.log(`  ✗ ${error instanceof SetUpError ? error.message : error.stack}`);
  }
} finally {
  podman?.close();
}
console.log(`\n${((performance.now() - startMs) / 1000).toFixed(1)} s in all`);
console.log(`${claims.passed} passed, ${claims.failed} failed`);
process.exitCode = claims.failed === 0 ? 0 : 1;

async function checkEverything() {
  const { image: base, origin } = await baseImage(podman);
  console.log(`base image: ${origin}`);
  const deployment = new Deployment(podman);
  await deployment.prepare();
  await deployment.issue();
  const test = { podman, deployment, claims };
  for (const name of ['license-server', 'demo-app']) await checkImage(name, base, test);
  await checkDeployment(await natsImage(podman, base), test);
}
