'use strict';

/**
 * @typedef {{ name?: string, type?: string, dependencies?: Record<string, string>,
 *   devDependencies?: Record<string, string> }} Manifest
 */

/**
 * What the developer does next, as text.
 *
 * @param {{ keysPath: string | null, manifest: Manifest }} input `keysPath`: the placeholder just made, if it was
 * @returns {string}
 */
function nextSteps({ keysPath, manifest }) {
  const { dependencies = {}, devDependencies = {} } = manifest;
  const nest = Number.parseInt((dependencies['@nestjs/core'] ?? '').replace(/^\D*/, ''), 10);
  const driver = nest === 11 ? 'nats' : '@nats-io/transport-node';
  const hasDriver = driver in dependencies || driver in devDependencies;
  const steps = [
    ...(keysPath === null
      ? []
      : [
          `Replace the placeholder in ${keysPath} with your vendor's public keys (npx latchkey keygen makes them).`,
        ]),
    ...(hasDriver ? [] : [`Licenses come over NATS: npm install ${driver}   (or run with NATS_URL=off)`]),
    'Put @RequireEnterprise() on a controller or a route, and start the app: without a license it answers 402.',
  ];
  return ['Next:', ...steps.map((step, index) => `  ${index + 1}. ${step}`)].join('\n');
}

module.exports = { nextSteps };
