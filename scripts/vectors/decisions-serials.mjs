// Of the licenses that are valid now, the highest serial of its issuer and product is in force (protocol section 5.7).
import { day, aLicense, signed, today, year } from './documents.mjs';
import { accepted, ended, inForce, none, nothing, offer, refused, Story, unchanged, wait } from './story.mjs';

export function addSerials(file, vendors) {
  const story = new Story(vendors);
  const five = story.license('serial-5', { serial: 5 });
  const six = story.license('serial-6', { serial: 6 });
  const seven = story.license('serial-7', { serial: 7 });
  const twin = story.license('another-serial-5', { serial: 5, edition: 'flagship' });
  const fresher = story.license('fresher-serial-4', { serial: 4, iat: today + day, exp: today + 9 * year });
  const downgrade = story.license('downgrade-serial-6', { serial: 6, edition: 'community' });
  const otherVendor = story.license('other-vendor-serial-1', { serial: 1, iss: 'other' });
  const trial = story.license('trial-serial-9', { serial: 9, exp: today + 30 * day });
  const ten = story.license('highest-serial', { serial: Number.MAX_SAFE_INTEGER });
  const again = story.add(
    'serial-5-signed-again',
    signed(vendors.present, aLicense({ jti: five, serial: 5 })),
  );
  const group = story.group(file, 'which one counts');
  const first = offer(0, five, accepted, inForce(five));

  group.valid('a license comes into force', ['Accept'], [first]);
  group.valid(
    '"I have none", before and after',
    ['Accept'],
    [
      offer(0, null, none, nothing()),
      offer(1, five, accepted, inForce(five)),
      offer(2, null, none, inForce(five)),
    ],
  );
  group.valid('the same bytes again', ['Accept'], [first, offer(60, five, unchanged, inForce(five))]);
  group.valid(
    'higher serials',
    ['Accept'],
    [
      first,
      offer(60, six, accepted, inForce(six)),
      offer(120, seven, accepted, inForce(seven)),
      offer(180, ten, accepted, inForce(ten)),
    ],
  );
  group.valid(
    'a downgrade on purpose: a higher serial, a lower edition',
    ['Accept'],
    [first, offer(60, downgrade, accepted, inForce(downgrade, { edition: 'community' }))],
  );
  group.valid(
    'a lower serial of another issuer, and back',
    ['Accept'],
    [
      first,
      offer(60, otherVendor, accepted, inForce(otherVendor)),
      offer(120, five, accepted, inForce(five)),
    ],
  );
  group.valid(
    'an annual license comes back after the trial that interrupted it',
    ['Accept', 'Dates'],
    [
      first,
      offer(60, trial, accepted, inForce(trial)),
      wait(31 * day, none, ended('expired', trial)),
      offer(31 * day + 60, five, accepted, inForce(five)),
    ],
  );

  group.invalid('an older license', ['Rollback'], 'ROLLBACK', [
    offer(0, six, accepted, inForce(six)),
    offer(60, five, refused('ROLLBACK'), inForce(six)),
  ]);
  group.invalid('an older serial with younger dates', ['Rollback'], 'ROLLBACK', [
    first,
    offer(2 * day, fresher, refused('ROLLBACK'), inForce(five)),
  ]);
  group.invalid('the license from before a downgrade', ['Rollback'], 'ROLLBACK', [
    first,
    offer(60, downgrade, accepted, inForce(downgrade, { edition: 'community' })),
    offer(120, five, refused('ROLLBACK'), inForce(downgrade, { edition: 'community' })),
  ]);
  group.invalid('the license from before, long after', ['Rollback'], 'ROLLBACK', [
    first,
    offer(60, seven, accepted, inForce(seven)),
    offer(200 * day, six, refused('ROLLBACK'), inForce(seven)),
    offer(200 * day + 60, five, refused('ROLLBACK'), inForce(seven)),
  ]);
  group.invalid('an annual license while the trial still runs', ['Rollback'], 'ROLLBACK', [
    offer(0, trial, accepted, inForce(trial)),
    offer(30 * day - 1, five, refused('ROLLBACK'), inForce(trial)),
  ]);
  group.invalid('a higher edition under the same serial', ['SerialConflict'], 'SERIAL_CONFLICT', [
    first,
    offer(60, twin, refused('SERIAL_CONFLICT'), inForce(five)),
  ]);
  group.invalid('the same claims, signed a second time', ['SerialConflict'], 'SERIAL_CONFLICT', [
    first,
    offer(60, again, refused('SERIAL_CONFLICT'), inForce(five)),
  ]);
}
