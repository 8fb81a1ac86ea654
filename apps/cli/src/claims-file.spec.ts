import type { TestIssuer } from '@latchkey/license/testing';

import { Workbench } from '../test/support/workbench.js';

const yaml = [
  'sub: acme',
  'aud: agent-os',
  'edition: enterprise',
  'exp: 1830297599',
  'license_expires: 1830000000',
  'features: { workflow: true, tier: gold }',
  'limits:',
  '  users: 500',
  'deployments: [eu]',
].join('\n');

describe('the claims file of latchkey issue', () => {
  let issuer: TestIssuer;
  let bench: Workbench;
  beforeAll(async () => {
    issuer = await Workbench.issuer();
  });
  beforeEach(() => {
    bench = new Workbench(issuer);
  });
  afterEach(() => bench.remove());

  it('says it all', async () => {
    expect(await bench.issueBare('--claims', bench.file('claims.yaml', yaml))).toBe(0);
    expect(bench.issuedClaims()).toMatchObject({
      v: 1,
      iss: 'vendor',
      sub: 'acme',
      exp: 1_830_297_599,
      license_expires: 1_830_000_000,
      features: { workflow: true, tier: 'gold' },
      limits: { users: 500 },
      deployments: ['eu'],
    });
  });

  it('may be JSON, and keeps the claims that are otherwise filled in', async () => {
    const given = bench.issuer.claims({ serial: 77, iat: 1_700_000_000, jti: 'lic-77' });
    expect(
      await bench.issueBare('--claims', bench.file('claims.json', JSON.stringify(given, null, '\t'))),
    ).toBe(0);
    expect(bench.issuedClaims()).toEqual(given);
  });

  it('gives way to options: names one by one, the rest as a whole', async () => {
    const options =
      '--edition flagship --expires 2027-12-31 --feature tier=silver --limit apps=3 --deployment us';
    expect(await bench.issueBare('--claims', bench.file('claims.yaml', yaml), ...options.split(' '))).toBe(0);
    expect(bench.issuedClaims()).toMatchObject({
      edition: 'flagship',
      features: { workflow: true, tier: 'silver' },
      limits: { users: 500, apps: 3 },
      deployments: ['us'],
    });
    expect(bench.issuedClaims()).not.toHaveProperty('license_expires');
  });

  it('may have an end, and be made perpetual by an option', async () => {
    expect(await bench.issueBare('--claims', bench.file('claims.yaml', yaml), '--perpetual')).toBe(0);
    expect(bench.issuedClaims()).toMatchObject({ perpetual: true });
  });

  it('may be perpetual, and be given an end by an option', async () => {
    const file = bench.file('claims.yaml', 'sub: a\naud: b\nedition: c\nperpetual: true');
    expect(await bench.issueBare('--claims', file, '--expires', '2027-12-31')).toBe(0);
    expect(bench.issuedClaims()).not.toHaveProperty('perpetual');
  });

  it('names all that is missing, as options', async () => {
    expect(await bench.issueBare('--claims', bench.file('claims.yaml', 'sub: acme'))).toBe(2);
    expect(bench.terminal.stderr).toContain('missing: --product, --edition, --expires or --perpetual');
  });

  it('is checked as a reader would, every bad field named at once', async () => {
    const bad =
      'sub: acme\naud: 5\nedition: enterprise\nexp: 2027-12-31\nserial: many\nlimits: { users: many }\nfeatures: [sso]';
    expect(
      await bench.issueBare('--claims', bench.file('claims.yaml', bad), '--feature', 'x', '-o', 'json'),
    ).toBe(1);
    expect(bench.terminal.json()).toMatchObject({
      ok: false,
      code: 'CLAIMS_INVALID',
      problems: [
        expect.stringMatching(/^aud: /),
        expect.stringMatching(/^serial: /),
        expect.stringMatching(/^exp: /),
        expect.stringMatching(/^features: /),
        expect.stringMatching(/^limits\.users: /),
      ],
    });
  });

  it.each([
    ['a name twice, in JSON', '{"sub":"acme",\n"sub":"evil"}', 'line 2: a name occurs twice'],
    ['a name twice, in YAML', 'sub: acme\nsub: evil', 'line 2: a name occurs twice'],
    ['a list', '- sub: acme', 'expected an object of claims'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIsecret\n', 'expected an object of claims'],
    ['half a document', '{"sub": "secret', 'expected JSON or YAML'],
    ['a tag of its own', 'sub: !secret acme', 'expected JSON or YAML'],
    ['an alias to nothing', 'sub: *secret', 'an alias in the YAML cannot be resolved'],
  ])('with %s is refused, and not quoted', async (_what, content, message) => {
    expect(await bench.issueBare('--claims', bench.file('claims.yaml', content))).toBe(1);
    expect(bench.terminal.stderr).toContain('MALFORMED');
    expect(bench.terminal.stderr).toContain(message);
    expect(bench.terminal.stderr).not.toContain('secret');
  });

  it('that is not there is wrong use', async () => {
    expect(await bench.issueBare('--claims', bench.path('nothing'))).toBe(2);
  });
});
