// Beginning, soft end, hard end (protocol section 5.8).
import { day, hour, today, year } from './documents.mjs';
import {
  accepted,
  ended,
  inForce,
  kept,
  none,
  nothing,
  offer,
  refused,
  Story,
  unchanged,
  wait,
} from './story.mjs';

export function addDates(file, vendors) {
  const story = new Story(vendors);
  const plain = story.license('ends-in-a-day', { serial: 1, exp: today + day });
  const graceful = story.license('with-grace', { license_expires: today + day, exp: today + 2 * day });
  const perpetual = story.license('perpetual', { exp: undefined, perpetual: true });
  const annual = story.license('annual', { serial: 2 });
  const endedEight = story.license('ended-serial-8', { serial: 8, iat: today - 9 * day, exp: today - 1 });
  const endedNine = story.license('ended-serial-9', { serial: 9, iat: today - 9 * day, exp: today - 1 });
  const renewal = story.license('renewal', { serial: 3, nbf: today + 30 * day });
  const laterRenewal = story.license('later-renewal', { serial: 4, nbf: today + 40 * day });
  const dayAhead = story.license('issued-in-a-day', { serial: 6, iat: today + day });
  const weekAhead = story.license('issued-in-a-week', { serial: 7, iat: today + 7 * day });
  const group = story.group(file, 'dates');

  addEnds(group, { plain, graceful, perpetual, annual, endedEight, endedNine });
  addBeginnings(group, { annual, renewal, laterRenewal, dayAhead, weekAhead });
}

const grace = (license) => inForce(license, { standing: 'grace' });

function addEnds(group, { plain, graceful, perpetual, annual, endedEight, endedNine }) {
  group.valid(
    'a soft end',
    ['Dates'],
    [
      offer(0, graceful, accepted, inForce(graceful)),
      wait(day - 1, none, inForce(graceful)),
      wait(day, none, grace(graceful)),
      wait(2 * day - 1, none, grace(graceful)),
    ],
  );
  group.valid(
    'a license that comes in its grace period',
    ['Dates'],
    [offer(day + hour, graceful, accepted, grace(graceful))],
  );
  group.valid(
    'perpetual',
    ['Dates'],
    [offer(0, perpetual, accepted, inForce(perpetual)), wait(100 * year, none, inForce(perpetual))],
  );
  group.valid(
    'renewed in the last second',
    ['Dates'],
    [
      offer(0, plain, accepted, inForce(plain)),
      offer(day - 1, annual, accepted, inForce(annual)),
      wait(day, none, inForce(annual)),
    ],
  );
  group.valid(
    'renewed after its end',
    ['Dates'],
    [
      offer(0, plain, accepted, inForce(plain)),
      wait(day, none, ended('expired', plain)),
      offer(2 * day, annual, accepted, inForce(annual)),
    ],
  );

  group.invalid('a hard end', ['Dates'], 'EXPIRED', [
    offer(0, plain, accepted, inForce(plain)),
    wait(day - 1, none, inForce(plain)),
    wait(day, none, ended('expired', plain)),
  ]);
  group.invalid('a soft end and then a hard one', ['Dates'], 'EXPIRED', [
    offer(0, graceful, accepted, inForce(graceful)),
    wait(2 * day, none, ended('expired', graceful)),
  ]);
  group.invalid('after its end the same bytes are no news', ['Dates'], 'EXPIRED', [
    offer(0, plain, accepted, inForce(plain)),
    offer(day, plain, unchanged, ended('expired', plain)),
  ]);
  group.invalid('ended before it came: it is shown', ['Dates'], 'EXPIRED', [
    offer(0, endedEight, refused('EXPIRED'), ended('expired', endedEight)),
  ]);
  group.invalid('in the second in which it ends', ['Dates'], 'EXPIRED', [
    offer(day, plain, refused('EXPIRED'), ended('expired', plain)),
  ]);
  group.invalid('of several that ended, the highest serial is shown', ['Dates'], 'EXPIRED', [
    offer(0, endedEight, refused('EXPIRED'), ended('expired', endedEight)),
    offer(60, endedNine, refused('EXPIRED'), ended('expired', endedNine)),
    offer(120, endedEight, refused('EXPIRED'), ended('expired', endedNine)),
  ]);
  group.invalid('one that ended never displaces one in force', ['Dates'], 'EXPIRED', [
    offer(0, annual, accepted, inForce(annual)),
    offer(60, endedNine, refused('EXPIRED'), inForce(annual)),
  ]);
  group.invalid('one in force displaces one that ended', ['Dates'], 'EXPIRED', [
    offer(0, endedNine, refused('EXPIRED'), ended('expired', endedNine)),
    offer(60, annual, accepted, inForce(annual)),
  ]);
}

function addBeginnings(group, { annual, renewal, laterRenewal, dayAhead, weekAhead }) {
  const early = kept('NOT_YET_VALID');
  const first = offer(0, annual, accepted, inForce(annual));
  group.valid(
    'a renewal that begins later takes over by itself',
    ['Later'],
    [
      first,
      offer(60, renewal, early, inForce(annual, { next: renewal })),
      wait(30 * day - 1, none, inForce(annual, { next: renewal })),
      wait(30 * day, accepted, inForce(renewal)),
    ],
  );
  group.valid(
    'the same without a license until then',
    ['Later'],
    [offer(0, renewal, early, nothing({ next: renewal })), wait(30 * day, accepted, inForce(renewal))],
  );
  group.valid(
    'of several that begin later, the highest serial is kept',
    ['Later'],
    [
      first,
      offer(60, laterRenewal, early, inForce(annual, { next: laterRenewal })),
      offer(120, renewal, early, inForce(annual, { next: laterRenewal })),
      wait(39 * day, none, inForce(annual, { next: laterRenewal })),
      wait(40 * day, accepted, inForce(laterRenewal)),
    ],
  );
  group.valid(
    'one that comes in force drops a lower one that was kept',
    ['Later'],
    [
      first,
      offer(60, renewal, early, inForce(annual, { next: renewal })),
      offer(day, dayAhead, accepted, inForce(dayAhead)),
      wait(31 * day, none, inForce(dayAhead)),
    ],
  );
  group.valid(
    'issued 24 hours ahead',
    ['Clock'],
    [offer(0, dayAhead, accepted, inForce(dayAhead, { clockRolledBack: true }))],
  );

  group.invalid('too early', ['Later'], 'NOT_YET_VALID', [
    offer(0, renewal, early, nothing({ next: renewal })),
    wait(30 * day - 1, none, nothing({ next: renewal })),
  ]);
  group.invalid('a lower serial that begins later', ['Rollback'], 'ROLLBACK', [
    offer(40 * day, laterRenewal, accepted, inForce(laterRenewal)),
    offer(40 * day + 60, renewal, refused('ROLLBACK'), inForce(laterRenewal)),
  ]);
  group.invalid('issued a week ahead', ['Clock'], 'ISSUED_IN_FUTURE', [
    offer(0, weekAhead, kept('ISSUED_IN_FUTURE'), nothing({ next: weekAhead })),
  ]);
  group.invalid('issued a second more than 24 hours ahead', ['Clock'], 'ISSUED_IN_FUTURE', [
    offer(-1, dayAhead, kept('ISSUED_IN_FUTURE'), nothing({ next: dayAhead })),
  ]);
}
