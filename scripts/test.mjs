// npm test, and npm run test:system for the slower tests of the whole system: sets this machine up, then runs every check one after the other. A step that fails hides none of the
// later ones. The last line is "N passed, N failed": each test counts, and each step that is not a test runner.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { ensureDependencies, ensureNatsServer, repository, SetUpError } from './set-up.mjs';

// Names of npm scripts, in this order.
const [scope] = process.argv.slice(2);
const checks =
  scope === 'system'
    ? ['build']
    : ['format:check', 'lint', 'typecheck', 'deps', 'unused', 'docs:check', 'build', 'pack:check'];
const suites = scope === 'system' ? ['test:jest:system'] : ['test:unit', 'test:e2e'];

// Far above what any step takes: a step that hangs is a failure, not a wait for ever.
const longestStepMs = 10 * 60 * 1000;

const onePassed = { passed: 1, failed: 0 };
const oneFailed = { passed: 0, failed: 1 };

const onWindows = process.platform === 'win32';
const reports = mkdtempSync(join(tmpdir(), 'latchkey-test-'));
let endStep = () => {};
process.once('exit', () => {
  endStep();
  rmSync(reports, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

const startMs = performance.now();
const total = { passed: 0, failed: 0 };
const failedSteps = [];

// Nothing can run without the set-up; everything else runs whatever became of the others.
if (await step('set-up', setUp)) {
  for (const name of checks) await step(name, () => runCheck(name));
  for (const name of suites) await step(name, () => runSuite(name));
}
if (failedSteps.length > 0) console.log(`failed: ${failedSteps.join(', ')}`);
console.log(`${seconds(performance.now() - startMs)} in all`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Runs a step and prints what became of it: one line, and its whole output when it failed. Did it pass? */
async function step(name, task) {
  const fromMs = performance.now();
  const { counts, note = '', output } = await task();
  total.passed += counts.passed;
  total.failed += counts.failed;
  const took = seconds(performance.now() - fromMs).padStart(8);
  console.log(`${counts.failed === 0 ? '✓' : '✗'} ${name.padEnd(14)}${took}${note}`);
  if (counts.failed === 0) return true;
  failedSteps.push(name);
  console.log(`\n${output.trimEnd()}\n`);
  return false;
}

async function setUp() {
  try {
    ensureDependencies();
    // Every step finds it then, also where the PATH of this user does not lead to it.
    process.env.PATH += delimiter + dirname(ensureNatsServer());
    return { counts: onePassed, output: '' };
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    return { counts: oneFailed, output: error.message };
  }
}

async function runCheck(name) {
  const { problem, output } = await npmRun(name);
  return { counts: problem === null ? onePassed : oneFailed, output };
}

/** Runs a suite of Jest and counts its tests. A suite in which no test ran has failed. */
async function runSuite(name) {
  const report = join(reports, `${name.replace(':', '-')}.json`);
  const { problem, output } = await npmRun(name, '--', '--json', `--outputFile=${report}`);
  const { passed, failed } = countTests(report);
  const hasFailed = problem !== null || passed === 0;
  return {
    counts: { passed, failed: hasFailed ? Math.max(failed, 1) : failed },
    note: `  ${passed} passed, ${failed} failed`,
    output: problem === null && passed === 0 ? `${output}\nno test was run` : output,
  };
}

function countTests(report) {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // A file that does not even load has no tests to count, and counts as one that failed.
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { passed: 0, failed: 0 }; // Jest broke off before its report: its exit code tells
  }
}

function npmRun(name, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', name, ...args], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: onWindows,
      detached: !onWindows, // a process group of its own, so that it can be ended with all that it started
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    endStep = () => (onWindows ? child.kill() : process.kill(-child.pid, 'SIGKILL'));
    const deadline = setTimeout(endStep, longestStepMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(deadline);
      endStep = () => {};
      const output = Buffer.concat(chunks).toString();
      if (code === 0) return resolve({ problem: null, output });
      const problem = `npm run ${name} ended with ${code ?? signal}`;
      return resolve({ problem, output: `${output}\n${problem}` });
    });
  });
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
