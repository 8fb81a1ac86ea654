// What the vendor took back stays taken back (protocol section 5.6).
import { day, aLicense, revocationHeader, signed, today } from './documents.mjs';
import {
  accepted,
  ended,
  inForce,
  kept,
  listRefused,
  none,
  nothing,
  offer,
  offerList,
  refused,
  Story,
  unchanged,
} from './story.mjs';

export function addRevocations(file, vendors) {
  const story = new Story(vendors);
  const bad = story.license('bad', { serial: 9 });
  const good = story.license('good', { serial: 3 });
  const better = story.license('better', { serial: 10 });
  const foreign = story.license('another-product', { aud: 'other' });
  const later = story.license('bad-later', { serial: 11, nbf: today + day });
  const lists = {
    one: story.revocation('list-1', { serial: 1, revoked: ['unrelated'] }),
    two: story.revocation('list-2', { serial: 2, revoked: [bad, later] }),
    anotherTwo: story.revocation('another-list-2', { serial: 2, revoked: [] }),
    three: story.revocation('list-3-empty', { serial: 3, revoked: [] }),
    otherIssuer: story.revocation('list-of-another-issuer', { iss: 'other', revoked: [bad] }),
    underRs256: story.revocation('list-4-under-the-other-key', { serial: 4, revoked: [bad] }, vendors.rs256),
    forged: story.revocation(
      'forged-list',
      { serial: 99, revoked: [bad] },
      { ...vendors.stranger, kid: vendors.present.kid },
    ),
    unknownKey: story.revocation('list-of-a-stranger', { serial: 99, revoked: [bad] }, vendors.stranger),
    garbage: story.add('garbage', 'eyJhIjowfQ.eyJiIjowfQ'),
    license: story.add('license-as-list', signed(vendors.present, aLicense())),
  };
  const header = revocationHeader(vendors.present);
  const listAsLicense = story.add(
    'list-as-license',
    signed(vendors.present, { v: 1, iss: 'vendor', iat: today, serial: 5, revoked: [] }, { header }),
  );
  const group = story.group(file, 'revocation', { trustedKeys: vendors.trustedKeys });
  const names = { bad, good, better, foreign, later, listAsLicense };
  addTakenBack(group, names, lists);
  addReplays(group, names, lists);
  addForged(group, names, lists);
}

const listed = (revocations) => ({ revocations });

function addTakenBack(group, { bad, good, better, foreign, later }, lists) {
  const first = offer(0, bad, accepted, inForce(bad));
  group.invalid('a list ends the license in force', ['Revocation'], 'REVOKED', [
    first,
    offerList(60, lists.two, null, none, ended('revoked', bad, listed(2))),
  ]);
  group.invalid('a list ends the license that comes with it', ['Revocation'], 'REVOKED', [
    first,
    offerList(60, lists.two, bad, unchanged, ended('revoked', bad, listed(2))),
  ]);
  group.invalid('a license that is on the list already', ['Revocation'], 'REVOKED', [
    offerList(0, lists.two, null, none, nothing(listed(2))),
    offer(60, bad, refused('REVOKED'), nothing(listed(2))),
  ]);
  group.invalid('license and list at once', ['Revocation'], 'REVOKED', [
    offerList(0, lists.two, bad, refused('REVOKED'), nothing(listed(2))),
  ]);
  group.invalid(
    'the list is remembered although the license beside it is refused',
    ['Revocation'],
    'PRODUCT_MISMATCH',
    [
      offerList(0, lists.two, foreign, refused('PRODUCT_MISMATCH'), nothing(listed(2))),
      offer(60, bad, refused('REVOKED'), nothing(listed(2))),
    ],
  );
  group.invalid('a list drops what was kept for later', ['Revocation', 'Later'], 'REVOKED', [
    offer(0, good, accepted, inForce(good)),
    offer(60, later, kept('NOT_YET_VALID'), inForce(good, { next: later })),
    offerList(120, lists.two, null, none, inForce(good, listed(2))),
    offer(2 * day, later, refused('REVOKED'), inForce(good, listed(2))),
  ]);
  group.invalid('a list under any key of the vendor', ['Revocation'], 'REVOKED', [
    first,
    offerList(60, lists.underRs256, null, none, ended('revoked', bad, listed(4))),
  ]);

  group.valid(
    'a list that names other licenses',
    ['Revocation'],
    [first, offerList(60, lists.one, bad, unchanged, inForce(bad, listed(1)))],
  );
  group.valid(
    'any other license follows a revoked one, also with a lower serial',
    ['Revocation'],
    [first, offerList(60, lists.two, good, accepted, inForce(good, listed(2)))],
  );
  group.valid(
    'a new license follows a revoked one',
    ['Revocation'],
    [
      first,
      offerList(60, lists.two, null, none, ended('revoked', bad, listed(2))),
      offer(120, better, accepted, inForce(better, listed(2))),
    ],
  );
  group.valid(
    'the vendor changes its mind with a newer list',
    ['Revocation'],
    [
      first,
      offerList(60, lists.two, null, none, ended('revoked', bad, listed(2))),
      offerList(120, lists.three, bad, unchanged, inForce(bad, listed(3))),
    ],
  );
  group.valid(
    'the same list again',
    ['Revocation'],
    [
      offerList(0, lists.two, good, accepted, inForce(good, listed(2))),
      offerList(60, lists.two, good, unchanged, inForce(good, listed(2))),
    ],
  );
  group.valid(
    'a list of another issuer says nothing about this one',
    ['Revocation'],
    [offerList(0, lists.otherIssuer, bad, accepted, inForce(bad, listed(1)))],
  );
}

const older = (verdict) => listRefused(verdict, 'ROLLBACK');

function addReplays(group, { bad, good }, { one, two, anotherTwo, otherIssuer }) {
  group.invalid('an older list does not undo it', ['RevocationReplay'], 'ROLLBACK', [
    offerList(0, two, good, accepted, inForce(good, listed(2))),
    offerList(60, one, good, older(unchanged), inForce(good, listed(2))),
    offer(120, bad, refused('REVOKED'), inForce(good, listed(2))),
  ]);
  group.invalid('a list of another issuer does not undo it', ['RevocationReplay'], 'REVOKED', [
    offerList(0, two, good, accepted, inForce(good, listed(2))),
    offerList(60, otherIssuer, good, unchanged, inForce(good, listed(2))),
    offer(120, bad, refused('REVOKED'), inForce(good, listed(2))),
  ]);
  group.invalid('a list of another issuer does not let an older one pass', ['RevocationReplay'], 'ROLLBACK', [
    offerList(0, two, good, accepted, inForce(good, listed(2))),
    offerList(60, otherIssuer, good, unchanged, inForce(good, listed(2))),
    offerList(120, one, good, older(unchanged), inForce(good, listed(2))),
    offer(180, bad, refused('REVOKED'), inForce(good, listed(2))),
  ]);
  group.invalid('an older list together with the license', ['RevocationReplay'], 'ROLLBACK', [
    offerList(0, two, null, none, nothing(listed(2))),
    offerList(60, one, bad, older(refused('REVOKED')), nothing(listed(2))),
  ]);
  group.invalid('another list with the same serial', ['RevocationReplay'], 'ROLLBACK', [
    offerList(0, two, null, none, nothing(listed(2))),
    offerList(60, anotherTwo, bad, older(refused('REVOKED')), nothing(listed(2))),
  ]);
  group.invalid('the license alone, without the list it came with', ['RevocationReplay'], 'REVOKED', [
    offerList(0, two, good, accepted, inForce(good, listed(2))),
    offer(day, bad, refused('REVOKED'), inForce(good, listed(2))),
  ]);
}

function addForged(group, { bad, listAsLicense }, lists) {
  for (const [comment, list, code] of [
    ['a list that a stranger signed under the kid of the vendor', lists.forged, 'SIGNATURE_INVALID'],
    ['a list that a stranger signed', lists.unknownKey, 'KEY_UNKNOWN'],
    ['something that is no list', lists.garbage, 'MALFORMED'],
    ['a license instead of a list', lists.license, 'TYPE_REFUSED'],
  ]) {
    group.invalid(`${comment} takes nothing away`, ['Revocation', 'Insider'], code, [
      offerList(0, list, bad, listRefused(accepted, code), inForce(bad)),
      offerList(60, list, null, listRefused(none, code), inForce(bad)),
    ]);
  }
  group.invalid('a list offered as the license', ['TypeConfusion'], 'TYPE_REFUSED', [
    offer(0, bad, accepted, inForce(bad)),
    offer(60, listAsLicense, refused('TYPE_REFUSED'), inForce(bad)),
  ]);
}
