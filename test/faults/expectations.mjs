import { expectSame } from '../../scripts/demo/claims.mjs';
import { youngFile } from './bench.mjs';

/** A key file that could not be read is kept aside before it is written over; what is young may be somebody's at work. */
const allowed = ['license.key.rejected', youngFile];

/** @throws {Error} when the service is not licensed by its renewal, or does not say in status and log why it is not saved */
export function expectUnsaved(error, { active, http, license, persisted, persistError, log }) {
  const found = { active, http, serial: license?.serial, persisted };
  expectSame('the service', found, { active: true, http: 200, serial: 2, persisted: false });
  expectReported(error, [persistError], log);
}

/** @throws {Error} when neither status nor log name the error */
export function expectReported(error, reasons, log) {
  for (const [where, texts] of [
    ['status', reasons],
    ['log', log],
  ]) {
    if (texts.some((text) => text?.includes(error))) continue;
    throw new Error(`${where} does not say ${error}: ${JSON.stringify(texts)}`);
  }
}

/** @throws {Error} when the renewal is not in force, and in the file, as if nothing had ever been wrong */
export async function expectFine(bench) {
  const { active, http, persisted, persistError } = await bench.look();
  const fine = { active: true, http: 200, persisted: true, persistError: null };
  expectSame('the service', { active, http, persisted, persistError }, fine);
  const { holds, mode, others } = bench.files();
  expectSame('the file', { holds, mode }, { holds: 'renewed', mode: '600' });
  expectSame(
    'leftovers',
    others.filter((name) => !allowed.includes(name) && !name.startsWith('filler')),
    [],
  );
}
