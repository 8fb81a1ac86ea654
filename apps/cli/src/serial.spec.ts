import type { TestIssuer } from '@latchkey/license/testing';

import { Workbench } from '../test/support/workbench.js';

const day = 86_400_000;

describe('the serial of a new license', () => {
  let issuer: TestIssuer;
  let bench: Workbench;
  beforeAll(async () => {
    issuer = await Workbench.issuer();
  });
  beforeEach(() => {
    bench = new Workbench(issuer);
  });
  afterEach(() => bench.remove());

  const older = (serial: number, changes = {}): string =>
    bench.license({ iss: 'vendor', serial, ...changes });

  it('is the clock when the license before it is older', async () => {
    await bench.issue('--perpetual', '--after', older(41));
    expect(bench.issuedClaims()).toMatchObject({ serial: bench.terminal.clock.wallMs() });
  });

  it('is one more than the license before it when that is ahead of the clock', async () => {
    const ahead = bench.terminal.clock.wallMs() + 5000;
    await bench.issue('--perpetual', '--after', older(ahead));
    expect(bench.issuedClaims()).toMatchObject({ serial: ahead + 1 });
  });

  it('may be a day ahead of the clock, and no more unless forced', async () => {
    const limit = bench.terminal.clock.wallMs() + day;
    expect(await bench.issue('--perpetual', '--serial', String(limit + 1))).toBe(2);
    expect(bench.terminal.stderr).toContain('more than a day ahead of the clock');
    expect(await bench.issue('--perpetual', '--serial', String(limit + 1), '--force')).toBe(0);
    expect(await bench.issue('--perpetual', '--serial', String(limit), '--out', bench.path('b.lic'))).toBe(0);
  });

  it('is never that of the license before it, or a lower one', async () => {
    expect(await bench.issue('--perpetual', '--serial', '41', '--after', older(41))).toBe(2);
    expect(bench.terminal.stderr).toContain('serial 41 is not above 41');
  });

  it('is compared within one issuer and one product', async () => {
    expect(await bench.issue('--perpetual', '--after', older(41, { aud: 'other' }))).toBe(2);
    expect(bench.terminal.stderr).toContain('product "other"');
    expect(await bench.issue('--perpetual', '--after', older(41, { iss: 'other' }))).toBe(2);
    expect(bench.terminal.stderr).toContain('issuer "other"');
  });

  it.each(['0', '-1', '9007199254740992', '1e3'])('is not %s', async (serial) => {
    expect(await bench.issue('--perpetual', '--serial', serial)).toBe(2);
    expect(bench.terminal.stderr).toContain('Expected a whole number from 1');
  });
});
