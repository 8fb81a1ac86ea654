// What an instance knows after it was switched off: exactly what its key file says (protocol section 7).
import { day, today } from './documents.mjs';
import { encryptionKey } from './sealed-documents.mjs';
import {
  accepted,
  clocks,
  ended,
  inForce,
  kept,
  listRefused,
  none,
  nothing,
  offer,
  offerList,
  refused,
  start,
  Story,
  wait,
} from './story.mjs';

export function addRestarts(file, vendors) {
  const story = new Story(vendors);
  const weekly = story.license('weekly', { serial: 5, exp: today + 7 * day });
  const annual = story.license('annual', { serial: 6 });
  const renewal = story.license('renewal', { serial: 7, nbf: today + 30 * day });
  const foreign = story.license('another-product', { serial: 8, aud: 'other' });
  const list = story.revocation('list-2', { serial: 2, revoked: [annual] });
  const olderList = story.revocation('list-1', { serial: 1, revoked: [] });
  const timeFloor = today + 60;
  const files = {
    plain: story.keyFile('keeps-weekly', { license: weekly, timeFloor }),
    late: story.keyFile('keeps-weekly-on-day-8', { license: weekly, timeFloor: today + 8 * day }),
    both: story.keyFile('keeps-weekly-and-renewal', { license: weekly, next: renewal, timeFloor }),
    revoked: story.keyFile('keeps-annual-and-list', { license: annual, revocation: list, timeFloor }),
    listOnly: story.keyFile('keeps-list', { revocation: list, timeFloor }),
    floorOnly: story.keyFile('keeps-the-time', { timeFloor: today + 8 * day }),
    foreign: story.keyFile('keeps-another-product', { license: foreign, timeFloor }),
    ofOther: story.keyFile('sealed-by-another', { license: annual, timeFloor }, encryptionKey('test-only-1')),
    envelope: story.envelope('envelope', { license: annual }),
  };
  const group = story.group(file, 'starting from a key file');
  addKept(group, files, { weekly, annual, renewal });
  addAttacks(group, files, { weekly, annual, olderList });
}

function addKept(group, files, { weekly, annual, renewal }) {
  group.valid(
    'the license, without anybody else',
    ['Restart'],
    [start(60, files.plain, accepted, inForce(weekly))],
  );
  group.valid(
    'after it was in force for a day',
    ['Restart'],
    [
      offer(0, weekly, accepted, inForce(weekly)),
      start(clocks(day, 0), files.plain, accepted, inForce(weekly)),
      offer(clocks(day + 60, 60), annual, accepted, inForce(annual)),
    ],
  );
  group.valid(
    'the license and the one kept for later',
    ['Restart', 'Later'],
    [
      start(60, files.both, kept('NOT_YET_VALID'), inForce(weekly, { next: renewal })),
      wait(30 * day, accepted, inForce(renewal)),
    ],
  );
  group.valid(
    'the one kept for later has begun meanwhile',
    ['Restart', 'Later'],
    [start(31 * day, files.both, accepted, inForce(renewal))],
  );
  group.valid(
    'a revocation list alone',
    ['Restart', 'Revocation'],
    [
      start(60, files.listOnly, none, nothing({ revocations: 2 })),
      offer(120, weekly, accepted, inForce(weekly, { revocations: 2 })),
    ],
  );
  group.valid(
    'an older copy put back counts until the next word',
    ['Restart', 'Rollback'],
    [
      offer(0, annual, accepted, inForce(annual)),
      start(clocks(120, 0), files.plain, accepted, inForce(weekly)),
      offer(clocks(180, 60), annual, accepted, inForce(annual)),
    ],
  );
}

function addAttacks(group, files, { weekly, annual, olderList }) {
  const invalid = (comment, flag, code, ...steps) => group.invalid(comment, ['Restart', flag], code, steps);
  invalid(
    'switched off until the license ended',
    'Dates',
    'EXPIRED',
    start(7 * day, files.plain, refused('EXPIRED'), ended('expired', weekly)),
  );
  const setBack = { clockRolledBack: true };
  invalid(
    'the clock set back while it was switched off',
    'TimeFloor',
    'EXPIRED',
    start(clocks(day, 0), files.late, refused('EXPIRED'), ended('expired', weekly, setBack)),
  );
  invalid(
    'the clock set back, and the license offered again',
    'TimeFloor',
    'EXPIRED',
    start(clocks(day, 0), files.floorOnly, none, nothing(setBack)),
    offer(clocks(day + 60, 60), weekly, refused('EXPIRED'), ended('expired', weekly, setBack)),
  );
  const revoked = nothing({ revocations: 2 });
  invalid(
    'a revoked license',
    'Revocation',
    'REVOKED',
    start(60, files.revoked, refused('REVOKED'), revoked),
  );
  invalid(
    'a revoked license, and an older list',
    'RevocationReplay',
    'REVOKED',
    start(60, files.revoked, refused('REVOKED'), revoked),
    offerList(120, olderList, annual, listRefused(refused('REVOKED'), 'ROLLBACK'), revoked),
  );
  for (const [comment, flag, file, code] of [
    ['the key file of another product', 'Product', files.foreign, 'PRODUCT_MISMATCH'],
    ['a key file sealed by somebody else', 'Forgery', files.ofOther, 'SEAL_NOT_OPENED'],
    ['an envelope instead of a key file', 'TypeConfusion', files.envelope, 'TYPE_REFUSED'],
  ]) {
    invalid(comment, flag, code, start(60, file, refused(code), nothing()));
  }
}
