// Who a license is meant for: product, deployment, edition (protocol section 5.5), and by which key.
import { day, today } from './documents.mjs';
import { accepted, inForce, nothing, offer, refused, Story } from './story.mjs';

export function addAddressees(file, vendors) {
  addProducts(file, vendors);
  addDeployments(file, vendors);
  addEditions(file, vendors);
  addKeys(file, vendors);
}

function addProducts(file, vendors) {
  const story = new Story(vendors);
  const ours = story.license('ours', { serial: 2 });
  const other = story.license('of-another-product', { serial: 1, aud: 'other' });
  const capital = story.license('in-capitals', { serial: 3, aud: 'AGENT-OS' });
  const longer = story.license('a-longer-name', { serial: 3, aud: 'agent-os-pro' });

  const group = story.group(file, 'an instance that says which product it is');
  for (const license of [other, capital, longer]) {
    group.invalid(`a license for another product: ${license}`, ['Product'], 'PRODUCT_MISMATCH', [
      offer(0, ours, accepted, inForce(ours)),
      offer(60, license, refused('PRODUCT_MISMATCH'), inForce(ours)),
    ]);
  }
  const any = story.group(file, 'an instance that does not say which product it is', {
    policy: { product: null },
  });
  any.valid(
    'any product will do, and serials are compared within one',
    ['Product'],
    [offer(0, ours, accepted, inForce(ours)), offer(60, other, accepted, inForce(other))],
  );
}

const mismatch = (license) => [offer(0, license, refused('DEPLOYMENT_MISMATCH'), nothing())];
const takes = (license) => [offer(0, license, accepted, inForce(license))];

function addDeployments(file, vendors) {
  const story = new Story(vendors);
  const anywhere = story.license('for-any', { serial: 1 });
  const europe = story.license('for-europe', { serial: 2, deployments: ['eu-1', 'eu-2'] });
  const america = story.license('for-america', { serial: 2, deployments: ['us-1'] });
  const nowhere = story.license('for-none', { serial: 2, deployments: [] });
  const similar = story.license('for-similar-names', {
    serial: 2,
    deployments: ['EU-1', 'eu-1 ', 'eu-10', 'eu'],
  });

  const here = story.group(file, 'an instance in the deployment eu-1', { policy: { deploymentId: 'eu-1' } });
  here.valid('a license for any deployment', ['Deployment'], takes(anywhere));
  here.valid('a license for this deployment and another', ['Deployment'], takes(europe));
  for (const license of [america, nowhere, similar]) {
    here.invalid(
      `a license for other deployments: ${license}`,
      ['Deployment'],
      'DEPLOYMENT_MISMATCH',
      mismatch(license),
    );
  }
  here.invalid(
    'a newer license for other deployments takes nothing away',
    ['Deployment'],
    'DEPLOYMENT_MISMATCH',
    [
      offer(0, anywhere, accepted, inForce(anywhere)),
      offer(60, america, refused('DEPLOYMENT_MISMATCH'), inForce(anywhere)),
    ],
  );

  const unnamed = story.group(file, 'an instance that was not told its deployment');
  unnamed.valid('a license for any deployment', ['Deployment'], takes(anywhere));
  for (const license of [europe, nowhere]) {
    unnamed.invalid(
      `a license for certain deployments: ${license}`,
      ['Deployment'],
      'DEPLOYMENT_MISMATCH',
      mismatch(license),
    );
  }
}

function addEditions(file, vendors) {
  const story = new Story(vendors);
  for (const edition of [
    'community',
    'professional',
    'enterprise',
    'flagship',
    'basic',
    'Enterprise',
    'constructor',
  ]) {
    story.license(edition, { edition });
  }
  const usual = story.group(file, 'the usual editions');
  addKnown(usual, ['community', 'professional', 'enterprise', 'flagship']);
  addUnknown(usual, ['basic', 'Enterprise', 'constructor'], 'community');
  const own = story.group(file, 'editions of its own', { policy: { editions: ['basic', 'enterprise'] } });
  addKnown(own, ['basic', 'enterprise']);
  addUnknown(own, ['community', 'flagship'], 'basic');
}

function addKnown(group, editions) {
  for (const edition of editions) {
    group.valid(edition, ['Edition'], [offer(0, edition, accepted, inForce(edition, { edition }))]);
  }
}

function addUnknown(group, editions, lowest) {
  for (const edition of editions) {
    group.invalid(edition, ['Edition'], 'EDITION_UNKNOWN', [
      offer(0, edition, refused('EDITION_UNKNOWN'), nothing({ edition: lowest })),
    ]);
  }
}

function addKeys(file, vendors) {
  const { present, unnamed } = vendors;
  const story = new Story(vendors);
  const before = story.license('before-retirement', { serial: 1, iat: today - day });
  const after = story.license('after-retirement', { serial: 2, iat: today });
  const successor = story.license('under-the-next-key', { serial: 3, iat: today }, unnamed);
  const backdated = story.license('next-key-too-early', { serial: 4, iat: today - day }, unnamed);
  const trustedKeys = {
    keys: [
      { ...present.jwk, exp: today },
      { ...unnamed.jwk, nbf: today },
    ],
  };
  const group = story.group(file, 'one vendor key follows another', { trustedKeys });
  group.valid(
    'what the retired key signed in its time stands, until the next key signs',
    ['KeyWindow'],
    [offer(day, before, accepted, inForce(before)), offer(2 * day, successor, accepted, inForce(successor))],
  );
  for (const license of [after, backdated]) {
    group.invalid(`out of service: ${license}`, ['KeyWindow'], 'KEY_NOT_IN_SERVICE', [
      offer(day, before, accepted, inForce(before)),
      offer(day + 60, license, refused('KEY_NOT_IN_SERVICE'), inForce(before)),
    ]);
  }
}
