// Somebody on the bus: without the encryption key, and with it. Neither can give or take what the vendor did not sign.
import { changeBytes, changePart, flipBit } from './changes.mjs';
import { day, aLicense, signed, today, year } from './documents.mjs';
import { encryptionKey, sealed, sealedDocuments } from './sealed-documents.mjs';
import {
  accepted,
  ended,
  inForce,
  listRefused,
  none,
  nothing,
  offer,
  receive,
  refused,
  Story,
  unchanged,
} from './story.mjs';

export function addInsiders(file, vendors) {
  const { present, stranger } = vendors;
  const story = new Story(vendors);
  const five = story.license('serial-5', { serial: 5 });
  const six = story.license('serial-6', { serial: 6 });
  const list = story.revocation('list-2', { serial: 2, revoked: [five] });
  const emptyList = story.revocation('list-1-empty', { serial: 1, revoked: [] });
  const forged = story.license(
    'forged',
    { serial: 99, edition: 'flagship' },
    { ...stranger, kid: present.kid },
  );
  const [header, , signature] = story.documents[five].split('.');
  const [, payload] = signed(present, aLicense({ jti: 'mixed', serial: 98 })).split('.');
  const mixed = story.add('mixed', `${header}.${payload}.${signature}`);

  const sealedFive = story.envelope('sealed-5', { license: five });
  const words = {
    five,
    sealedFive,
    sealedFiveLater: story.envelope('sealed-5-later', { license: five, iat: today + day }),
    sealedSix: story.envelope('sealed-6', { license: six }, story.ring.second),
    sealedNone: story.envelope('sealed-none'),
    sealedList: story.envelope('sealed-list', { revocation: list }),
    sealedBefore: story.envelope('sealed-before-revocation', { license: five, revocation: emptyList }),
    farFuture: story.envelope('sealed-in-the-far-future', { license: five, iat: today + 99 * year }),
    sealedForgery: story.envelope('sealed-forgery', { license: forged }),
    sealedMixture: story.envelope('sealed-mixture', { license: mixed }),
    sealedGarbage: story.envelope('sealed-garbage', { license: 'not a license' }),
    ofOutsider: story.envelope('sealed-by-an-outsider', { license: six }, encryptionKey('test-only-1')),
    ofStranger: story.envelope('sealed-under-an-unknown-key', { license: six }, encryptionKey('test-only-9')),
    keyFile: story.keyFile('key-file', { license: six }),
    bare: six,
    damaged: story.add(
      'damaged',
      changePart(
        story.documents['sealed-6'],
        3,
        changeBytes((bytes) => flipBit(bytes)),
      ),
    ),
    twiceSealed: story.add(
      'sealed-twice',
      sealed(
        'SealedLicense',
        story.ring.first,
        sealedDocuments.SealedLicense.content({ license: story.documents[sealedFive] }),
      ),
    ),
  };
  const group = story.group(file, 'words from the bus');
  addServers(group, words, { five, six, list });
  addAttackers(group, words, { five, six, list });
}

function addServers(group, words, { five, six }) {
  const first = receive(0, words.sealedFive, accepted, inForce(five));
  group.valid('a server sends a license', ['Accept'], [first]);
  group.valid(
    'it sends it again, sealed anew',
    ['Accept'],
    [first, receive(day, words.sealedFiveLater, unchanged, inForce(five))],
  );
  group.valid(
    'it sends the next one, sealed under the next key',
    ['Accept'],
    [first, receive(60, words.sealedSix, accepted, inForce(six))],
  );
  group.valid(
    'it has none',
    ['Accept'],
    [
      receive(0, words.sealedNone, none, nothing()),
      receive(60, words.sealedFive, accepted, inForce(five)),
      receive(120, words.sealedNone, none, inForce(five)),
    ],
  );
  group.valid(
    'a server whose clock is 99 years ahead ends nothing',
    ['Clock', 'TimeFloor', 'Insider'],
    [
      receive(0, words.farFuture, accepted, inForce(five)),
      receive(60, words.farFuture, unchanged, inForce(five)),
    ],
  );
  group.invalid('it sends a revocation list', ['Revocation'], 'REVOKED', [
    first,
    receive(60, words.sealedList, none, ended('revoked', five, { revocations: 2 })),
  ]);
}

function addAttackers(group, words, { five, six }) {
  const first = offer(0, five, accepted, inForce(five));
  const drops = (comment, flags, word, code) =>
    group.invalid(comment, flags, code, [first, receive(60, word, refused(code), inForce(five))]);
  drops('sealed by an outsider', ['Forgery'], words.ofOutsider, 'SEAL_NOT_OPENED');
  drops('sealed under a key that nobody here has', ['Forgery'], words.ofStranger, 'KEY_UNKNOWN');
  drops('damaged on the way', ['BitFlip'], words.damaged, 'SEAL_NOT_OPENED');
  drops('a license without a seal', ['TypeConfusion'], words.bare, 'MALFORMED');
  drops('the key file of another instance', ['TypeConfusion'], words.keyFile, 'TYPE_REFUSED');
  drops(
    'an insider seals a forged license',
    ['Insider', 'Forgery'],
    words.sealedForgery,
    'SIGNATURE_INVALID',
  );
  drops(
    'an insider seals a license made of two',
    ['Insider', 'MixAndMatch'],
    words.sealedMixture,
    'SIGNATURE_INVALID',
  );
  drops('an insider seals garbage', ['Insider'], words.sealedGarbage, 'MALFORMED');
  drops(
    'an insider seals an envelope in an envelope',
    ['Insider', 'TypeConfusion'],
    words.twiceSealed,
    'MALFORMED',
  );
  group.invalid('an older envelope is sent again', ['Rollback', 'Insider'], 'ROLLBACK', [
    receive(0, words.sealedSix, accepted, inForce(six)),
    receive(60, words.sealedFive, refused('ROLLBACK'), inForce(six)),
  ]);
  const revoked = { revocations: 2 };
  group.invalid(
    'an envelope from before a revocation is sent again',
    ['RevocationReplay', 'Insider'],
    'ROLLBACK',
    [
      receive(0, words.sealedBefore, accepted, inForce(five, { revocations: 1 })),
      receive(60, words.sealedList, none, ended('revoked', five, revoked)),
      receive(120, words.sealedBefore, listRefused(unchanged, 'ROLLBACK'), ended('revoked', five, revoked)),
    ],
  );
  group.invalid(
    'an envelope from before a revocation, told to a new instance',
    ['RevocationReplay', 'Insider'],
    'REVOKED',
    [
      receive(0, words.sealedList, none, nothing(revoked)),
      receive(60, words.sealedFive, refused('REVOKED'), nothing(revoked)),
    ],
  );
}
