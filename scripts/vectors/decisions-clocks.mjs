// Wrong clocks (protocol section 6). A change of the clock is noticed within a minute, so a minute passes here.
import { day, today, year } from './documents.mjs';
import {
  accepted,
  clocks,
  ended,
  inForce,
  kept,
  none,
  nothing,
  offer,
  offerList,
  refused,
  Story,
  unchanged,
  wait,
} from './story.mjs';

const minute = 60;
const setBack = { clockRolledBack: true };

export function addClocks(file, vendors) {
  const story = new Story(vendors);
  const weekly = story.license('ends-in-a-week', { serial: 5, nbf: today, exp: today + 7 * day });
  const monthly = story.license('issued-in-20-days', { serial: 4, iat: today + 20 * day });
  const bornInForce = story.license('no-nbf', { serial: 6 });
  const begun = story.license('begins-in-30-days', { serial: 7, nbf: today + 30 * day });
  const list = story.revocation('list-in-20-days', { iat: today + 20 * day, revoked: ['unrelated'] });
  const futureList = story.revocation('list-in-a-year', { iat: today + year, revoked: ['unrelated'] });
  const group = story.group(file, 'wrong clocks');
  const first = offer(0, weekly, accepted, inForce(weekly));

  for (const [comment, back] of [
    ['a day', day],
    ['ten years', 10 * year],
    ['to 1970', today],
  ]) {
    group.valid(
      `a clock set back by ${comment} takes nothing away`,
      ['Clock'],
      [first, wait(clocks(minute - back, minute), none, inForce(weekly, setBack))],
    );
  }
  group.valid(
    'a clock set back to before the beginning takes nothing away',
    ['Clock'],
    [
      offer(30 * day, begun, accepted, inForce(begun)),
      wait(clocks(29 * day, 30 * day + minute), none, inForce(begun)),
    ],
  );
  group.valid(
    'a clock ten minutes behind is nothing to speak of',
    ['Clock'],
    [
      first,
      wait(clocks(-9 * minute, minute), none, inForce(weekly)),
      wait(clocks(-8 * minute - 1, 2 * minute), none, inForce(weekly, setBack)),
    ],
  );
  group.valid(
    'a clock set ahead past the end, and then right',
    ['Clock'],
    [
      first,
      wait(clocks(year, minute), none, ended('expired', weekly)),
      wait(2 * minute, none, inForce(weekly)),
    ],
  );
  group.valid(
    'a clock ten years ahead leaves nothing behind',
    ['Clock', 'TimeFloor'],
    [
      first,
      wait(clocks(10 * year, minute), none, ended('expired', weekly)),
      offer(2 * minute, bornInForce, accepted, inForce(bornInForce)),
    ],
  );
  group.valid(
    'a clock that shows 1970 at first',
    ['Clock', 'Later'],
    [
      offer(clocks(-today, 0), bornInForce, kept('ISSUED_IN_FUTURE'), nothing({ next: bornInForce })),
      wait(clocks(minute - today, minute), none, nothing({ next: bornInForce })),
      wait(2 * minute, accepted, inForce(bornInForce)),
    ],
  );
  group.valid(
    'a list issued a year ahead does not move the time',
    ['Clock', 'TimeFloor'],
    [first, offerList(minute, futureList, weekly, unchanged, inForce(weekly, { revocations: 1 }))],
  );

  group.invalid('a license ends although the clock was set back', ['Clock'], 'EXPIRED', [
    first,
    wait(clocks(-10 * day, minute), none, inForce(weekly, setBack)),
    wait(clocks(-3 * day, 7 * day), none, ended('expired', weekly, setBack)),
  ]);
  group.invalid('a license ends although the clock stands still', ['Clock'], 'EXPIRED', [
    first,
    wait(clocks(0, 7 * day - 1), none, inForce(weekly, setBack)),
    wait(clocks(0, 7 * day), none, ended('expired', weekly, setBack)),
  ]);
  group.invalid('a clock set ahead past the end is believed while it is', ['Clock'], 'EXPIRED', [
    first,
    wait(clocks(8 * day, minute), none, ended('expired', weekly)),
  ]);
  group.invalid('a machine that was suspended past the end', ['Clock'], 'EXPIRED', [
    first,
    wait(clocks(7 * day, minute), none, ended('expired', weekly)),
  ]);
  group.invalid('a later license has shown that the earlier one is over', ['TimeFloor'], 'EXPIRED', [
    offer(20 * day, monthly, accepted, inForce(monthly)),
    offer(clocks(day, 20 * day + minute), weekly, refused('EXPIRED'), inForce(monthly, setBack)),
  ]);
  group.invalid('a list has shown that the license is over', ['TimeFloor'], 'EXPIRED', [
    offerList(20 * day, list, null, none, nothing({ revocations: 1 })),
    offer(
      clocks(day, 20 * day + minute),
      weekly,
      refused('EXPIRED'),
      ended('expired', weekly, { revocations: 1, ...setBack }),
    ),
  ]);
}
