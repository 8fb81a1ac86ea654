// npm run fuzz [-- --count N] [--seed N]: changes documents in every way that has a meaning, and looks whether one of
// them is ever accepted. The seed gives the same changes again; the keys are new in each run. Needs "npm run build".
import { parseArgs } from 'node:util';

import fc from 'fast-check';

import { makeCorpus } from './fuzz/corpus.mjs';
import { licenseFiles, sealedDocuments, signedDocuments } from './fuzz/documents.mjs';
import { encryptionKeys, publicKeys } from './fuzz/keys.mjs';
import { lives } from './fuzz/life.mjs';
import { insiders, packets } from './fuzz/messages.mjs';
import { Breach } from './fuzz/oracle.mjs';
import { slowMs, Tally, timed } from './fuzz/tally.mjs';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '5000000' }, seed: { type: 'string' } },
});
const count = Number(values.count);
const seed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run fuzz [-- --count CASES] [--seed NUMBER]');
  process.exit(2);
}

// Most of what is thrown here is caught at once: long traces would cost more than the code they trace.
Error.stackTraceLimit = 3;

const rounds = 20;
const longestCounterexample = 4_000;
const corpus = await makeCorpus();
const makers = [
  signedDocuments,
  licenseFiles,
  sealedDocuments,
  packets,
  insiders,
  lives,
  publicKeys,
  encryptionKeys,
];
const suites = makers.map((make) => make(corpus));
const shares = suites.reduce((sum, { share }) => sum + share, 0);
const tally = new Tally();
/** By suite: what fast-check found, with the smallest case that shows it. */
const failures = new Map();
let breaches = 0;
let foreign = 0;

console.log(`fuzz: ${count} cases, seed ${seed}, Node ${process.version}`);
const startMs = performance.now();
for (let round = 0; round < rounds; round += 1) {
  for (const suite of suites) runRound(suite, round);
  tally.weigh();
  if (count >= 1_000_000) console.log(`${tally.cases} cases, ${seconds()} s`);
}
report();

function runRound(suite, round) {
  if (failures.has(suite.name)) return; // found already: one smallest case tells more than many
  const numRuns = Math.ceil((count * suite.share) / shares / rounds);
  const details = fc.check(
    fc.property(suite.input, (input) => runCase(suite, input)),
    { numRuns, seed: seed + round },
  );
  if (!details.failed) return;
  if (details.errorInstance instanceof Breach) breaches += 1;
  else foreign += 1;
  failures.set(suite.name, describe(details));
}

/** What went wrong, and the smallest case that shows it. */
function describe({ seed: used, counterexamplePath, counterexample, errorInstance }) {
  const error = errorInstance instanceof Breach ? errorInstance.message : errorInstance?.stack;
  const shown = JSON.stringify(counterexample).slice(0, longestCounterexample);
  return `${error}\nseed ${used}, path ${counterexamplePath}\n${shown}`;
}

/** Each case runs twice: what a document is worth must not depend on what was read before it. */
function runCase(suite, input) {
  let outcome = '';
  const tookMs = timed(() => (outcome = suite.judge(input)));
  tally.time(tookMs, suite.name, () => suite.judge(input));
  if (suite.judge(input) !== outcome) throw new Breach('the same input had two outcomes');
  tally.count(suite.name, outcome);
}

function report() {
  const { heap, slow, slowAlone } = tally;
  for (const [suite, outcomes] of tally.outcomes) {
    const most = [...outcomes].toSorted((a, b) => b[1] - a[1]);
    const shown = most.slice(0, 6).map(([outcome, times]) => `${outcome} ${times}`);
    console.log(`${suite}: ${most.length} outcomes (${shown.join(', ')}, …)`);
  }
  for (const [suite, message] of failures) console.log(`\nFAILED ${suite}\n${message}`);
  for (const { suite, aloneMs } of slowAlone)
    console.log(`SLOW ${suite}: ${aloneMs.toFixed(1)} ms, also alone`);
  console.log(`count ${tally.cases}, seed ${seed}, ${seconds()} s`);
  console.log(`accepted without the vendor's signature, or another breach: ${breaches}`);
  console.log(`exceptions other than LicenseError: ${foreign}`);
  console.log(
    `slowest ${tally.slowestMs.toFixed(1)} ms; over ${slowMs} ms: ${slow}, of these also alone: ${slowAlone.length}`,
  );
  const [first, last, most] = [heap.firstMiB, heap.lastMiB, heap.mostMiB].map((size) => size.toFixed(1));
  console.log(`live heap ${first} MiB after the first round, ${last} MiB at the end, ${most} MiB at most`);

  // One for each suite, one for the heap, one for the time.
  const failed = failures.size + (heap.isFlat ? 0 : 1) + (slowAlone.length === 0 ? 0 : 1);
  console.log(`${suites.length + 2 - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function seconds() {
  return ((performance.now() - startMs) / 1000).toFixed(1);
}
