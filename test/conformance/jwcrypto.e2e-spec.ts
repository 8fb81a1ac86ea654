import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { OpenerReport, recordedLaxities, type Opened } from './opener-report.js';
import { vectorPaths } from './vectors.js';

/** Debian's own, whatever else is first on the PATH. */
const python = '/usr/bin/python3';
const script = fileURLToPath(new URL('open_with_jwcrypto.py', import.meta.url));

/** Why jwcrypto cannot be asked on this machine; null when it can. */
function obstacle(): string | null {
  if (!existsSync(python)) return `there is no ${python}`;
  const { status } = spawnSync(python, ['-c', 'import jwcrypto'], { stdio: 'ignore' });
  return status === 0 ? null : `${python} has no jwcrypto: "npm run conformance" installs it on Debian`;
}

function openAll(): Opened {
  const { status, stdout, stderr } = spawnSync(python, [script, ...vectorPaths()], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024, // one test inflates to 4 MiB
  });
  if (status !== 0) throw new Error(`${script} ended with ${String(status)}: ${stderr}`);
  const opened = JSON.parse(stdout) as Record<string, string | null>;
  return new Map(Object.entries(opened).map(([tcId, text]) => [Number(tcId), text]));
}

const reason = obstacle();
if (reason !== null) process.stderr.write(`skipped: ${reason}\n`);

(reason === null ? describe : describe.skip)('Python jwcrypto, alone', () => {
  let report: OpenerReport;
  beforeAll(() => {
    report = new OpenerReport(openAll());
  });

  it('reads every valid document, and the same in it', () => {
    expect(report.missing()).toEqual([]);
    expect(report.misread()).toEqual([]);
  });

  it('accepts no document that JOSE forbids, but for IVs of any size', () => {
    // RFC 7518 5.3 has 96 bits, and no other size; jwcrypto 1.1 leaves it to OpenSSL, which takes what it is given.
    expect(report.accepted()).toEqual([
      expect.stringMatching(/sealed with an IV of 64 bits$/),
      expect.stringMatching(/sealed with an IV of 128 bits$/),
    ]);
  });

  it('finds signature and seal good where they are said to be, but for an empty text', () => {
    // It does not tell nothing inside a seal from a seal that did not open.
    expect(report.refusedGood()).toEqual([
      expect.stringMatching(/nothing$/),
      expect.stringMatching(/nothing$/),
    ]);
  });

  it('accepts what the manual says it does, and what Latchkey refuses for its form', () => {
    expect(report.laxities()).toEqual(recordedLaxities('jwcrypto'));
  });
});
