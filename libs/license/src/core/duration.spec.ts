import * as fc from 'fast-check';

import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { parseDuration } from './duration.js';

describe('a duration', () => {
  it.each([
    ['1ms', 1],
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['14d', 1_209_600_000],
    ['007s', 7_000],
    [' 5m\n', 300_000],
  ])('%j is %d milliseconds', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  const wrong = [
    '',
    '5',
    'm',
    '0s',
    '0ms',
    '-5m',
    '+5m',
    '1.5h',
    '1e3s',
    '5 m',
    '5M',
    '5min',
    '5w',
    '1h30m',
    '5m5',
    '٥m',
  ];
  it.each([...wrong, 'constructor', '5__proto__', 'Infinity', '0x10s', '1234567890s', '999999999d'])(
    '%j is refused, with what to write instead',
    (text) => {
      expect(refusalOf(() => parseDuration(text))).toMatchObject({
        code: 'CONFIGURATION_INVALID',
        message: expect.stringContaining('30s, 5m, 1h or 14d'),
      });
    },
  );

  it('is a whole number of milliseconds above zero, or refused, whatever the text', () => {
    const text = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.constantFrom('ms', 's', 'm', 'h', 'd')).map((p) => p.join('')),
    );
    fc.assert(
      fc.property(text, (input) => {
        let ms = 1;
        codeOf(() => (ms = parseDuration(input)));
        expect(Number.isSafeInteger(ms) && ms > 0).toBe(true);
      }),
    );
  });
});
