// npm run conformance: opens testvectors/*.json with three programs that share no code: latchkey, npm jose and Python
// jwcrypto. The last line is "N passed, N failed". What cannot be had on this machine is skipped, and it says why.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureBuilt, ensureDependencies, repository, SetUpError } from './set-up.mjs';

// Debian's own, whatever else is first on the PATH.
const python = '/usr/bin/python3';
const packages = ['install', '-y', '--no-install-recommends', 'python3-jwcrypto'];

const total = { passed: 0, failed: 0 };
try {
  ensureDependencies();
  ensureBuilt();
  ensureJwcrypto();
  runLatchkey();
  runLibraries();
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  total.failed += 1;
  console.log(error.message);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Installs jwcrypto where that takes no question: as root on Debian and its relatives. Without it its tests skip. */
function ensureJwcrypto() {
  if (hasJwcrypto()) return;
  const isDebian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
  if (!isDebian || process.getuid?.() !== 0) {
    const command = `sudo apt-get update && sudo apt-get ${packages.join(' ')}`;
    console.log(`skipped: Python jwcrypto is installed only as root on Debian; there: ${command}`);
    return;
  }
  const installed = run('apt-get', ['update']).status === 0 && run('apt-get', packages).status === 0;
  if (!installed || !hasJwcrypto()) console.log('skipped: Python jwcrypto could not be installed');
}

function hasJwcrypto() {
  return existsSync(python) && spawnSync(python, ['-c', 'import jwcrypto']).status === 0;
}

function runLatchkey() {
  const files = readdirSync(join(repository, 'testvectors')).filter((name) => name.endsWith('.json'));
  const program = ['dist/apps/cli/main.js', 'conformance', ...files.map((name) => join('testvectors', name))];
  const { stdout } = run(process.execPath, program, 'pipe');
  console.log(stdout.trimEnd());
  const [, passed, all] = /(\d+) of (\d+) tests as expected\n$/.exec(stdout) ?? [null, 0, 1];
  count(Number(passed), all - passed);
}

/** The tests that open the documents with jose and with jwcrypto alone. */
function runLibraries() {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-conformance-'));
  try {
    const report = join(directory, 'report.json');
    const { status } = run(process.execPath, [
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      '--selectProjects=system',
      '--testPathPatterns=test/conformance/',
      '--verbose',
      '--json',
      `--outputFile=${report}`,
    ]);
    const found = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
    const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0 } = found;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    count(numPassedTests, status !== 0 && failed === 0 ? 1 : failed);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function count(passed, failed) {
  total.passed += passed;
  total.failed += failed;
}

/** Runs a command, said on the screen. @param output `pipe` keeps its standard output, else it goes to the screen */
function run(command, args, output = 'inherit') {
  console.log(`$ ${[command === process.execPath ? 'node' : command, ...args].join(' ')}`);
  return spawnSync(command, args, {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', output, 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
