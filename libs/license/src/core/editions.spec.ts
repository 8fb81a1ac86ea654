import { codeOf } from '../testing/throws-with-code.js';
import { defaultEditions, EditionLadder } from './editions.js';

describe('the edition ladder', () => {
  it('is community < professional < enterprise < flagship when the app gives none', () => {
    const ladder = new EditionLadder();
    expect(ladder.names).toEqual(['community', 'professional', 'enterprise', 'flagship']);
    expect(ladder.lowest).toBe('community');
    expect(Object.isFrozen(defaultEditions)).toBe(true);
  });

  it('lets every edition reach itself and what stands below, and nothing above', () => {
    const ladder = new EditionLadder();
    const reached = ladder.names.map((edition) =>
      ladder.names.filter((name) => ladder.reaches(edition, name)),
    );
    expect(reached).toEqual([1, 2, 3, 4].map((count) => ladder.names.slice(0, count)));
  });

  it('may be the own one of an app', () => {
    const ladder = new EditionLadder(['free', 'paid']);
    expect([ladder.lowest, ladder.reaches('paid', 'free'), ladder.reaches('free', 'paid')]).toEqual([
      'free',
      true,
      false,
    ]);
    expect([ladder.has('paid'), ladder.has('enterprise')]).toEqual([true, false]);
  });

  it.each(['', 'gold', 'Enterprise', 'enterprise ', 'constructor', '__proto__', 'toString'])(
    'knows no edition %j: it reaches nothing, and nothing reaches it',
    (name) => {
      const ladder = new EditionLadder();
      expect(ladder.has(name)).toBe(false);
      for (const known of [...ladder.names, name]) {
        expect([ladder.reaches(name, known), ladder.reaches(known, name)]).toEqual([false, false]);
      }
    },
  );

  it.each([
    [[]],
    [['community']],
    [['a', 'b', 'a']],
    [['a', 'a']],
    [['', 'enterprise']],
    [['community', '']],
  ])('is refused as %j', (names) => {
    expect(codeOf(() => new EditionLadder(names))).toBe('CONFIGURATION_INVALID');
  });
});
