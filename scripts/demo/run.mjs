import { Claims } from './claims.mjs';
import { Stage } from './stage.mjs';
import { playTour } from './tour.mjs';

/**
 * Plays the demo, prints the total and cleans up, whatever happens.
 *
 * @param {string} natsServer the program
 * @param {{ keep: boolean }} options `keep`: leave everything running until Ctrl-C
 * @returns {Promise<number>} the exit code: 0 when every claim held
 */
export async function runDemo(natsServer, { keep }) {
  const stage = new Stage();
  const claims = new Claims();
  let interrupted = () => {
    stage.closeNow();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interrupted());
  process.stdout.once('error', () => interrupted()); // nobody reads any more: npm run demo | head

  const startMs = performance.now();
  console.log(`Everything happens in ${stage.folder}`);
  const tour = await playTour(stage, claims, natsServer).catch((error) => {
    claims.fail('the demo broke off', error);
    return null;
  });
  if (claims.failed > 0) {
    console.log(`\nWhat the programs said last (${stage.folder} is kept):\n${stage.logTails()}`);
  }
  console.log(`\n${((performance.now() - startMs) / 1000).toFixed(1)} s in all`);
  console.log(`${claims.passed} passed, ${claims.failed} failed`);

  if (keep && tour !== null) {
    printInvitation(tour);
    await new Promise((resolve) => {
      interrupted = resolve;
    });
  }
  await stage.close({ keepFolder: claims.failed > 0 });
  return claims.failed === 0 ? 0 : 1;
}

/** @param {import('./tour.mjs').Tour} tour */
function printInvitation({ vendor, deployment, services }) {
  const [{ url }] = services;
  const latchkey = 'npx latchkey';
  console.log(`
Still running:
${services.map((service) => `  ${service.name.padEnd(16)}${service.url}`).join('\n')}
  license-server  ${deployment.healthUrl}
  broker          ${deployment.natsUrl}

To try:
  curl ${url}/license
  curl -i ${url}/operate-logs
  curl -i ${url}/apps -H 'content-type: application/json' -d '{"name":"crm"}'
  curl ${deployment.healthUrl}
  ${latchkey} inspect ${deployment.licensePath}
  ${latchkey} issue --key ${vendor.privateKey} --customer acme --product agent-os \\
    --edition enterprise --expires 2030-12-31 --limit apps=2 --out ${deployment.licensePath}.new \\
    && mv ${deployment.licensePath}.new ${deployment.licensePath}

Ctrl-C ends everything.`);
}
