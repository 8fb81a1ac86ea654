import * as fc from 'fast-check';

import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { isObject, parseStrictJson, parseStrictObject } from './strict-json.js';

const parse = (text: string | Uint8Array, maxStringLength?: number) =>
  parseStrictJson(Buffer.from(text as Uint8Array), 'text', maxStringLength);

/** A string literal that spells every UTF-16 unit as an escape. */
const escaped = (text: string) =>
  `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;

describe('strict JSON', () => {
  it.each([
    ['an object', '{"a":1,"b":[true,false,null,"x"],"c":{"a":1}}'],
    ['white space', ' \r\n\t{ "a" : [ 1 , 2 ] }\n'],
    ['brackets, commas, colons and quotes inside strings', '{"a":"[{\\"},:","[":"]"}'],
    ['a string that ends in a backslash', '{"a":"\\\\","b":"\\\\\\\\"}'],
    ['a quote behind a backslash, and brackets behind both', '{"a":"\\\\\\":{[","b":["\\""]}'],
    ['many brackets side by side', `[${'{"a":[]},'.repeat(100)}[]]`],
    ['a colon in a name', '{":":1,"a:b":{"::":2}}'],
    ['the same name in different objects', '[{"a":1},{"a":2,"b":{"a":3}}]'],
    ['the same string as a name and as a value', '{"a":"a","b":["a","a"]}'],
    ['the largest and smallest safe integers', '[9007199254740991,-9007199254740991,0.5,-0]'],
    ['characters beyond the first plane', '"\u{1F511} \\ud83d\\udd11"'],
  ])('reads %s as JSON.parse does', (_, text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['plain', '{"a":1,"a":1}'],
    ['with something between', '{"a":1,"b":{"a":1},"a":2}'],
    ['inside a list', '[1,{"a":1,"a":2}]'],
    ['after a nested list', '{"a":[1,2],"a":3}'],
    ['one spelled with an escape', '{"edition":1,"\\u0065dition":2}'],
    ['both spelled with escapes', '{"\\u0061":1,"\\u0061":2}'],
    ['a slash and an escaped slash', '{"/":1,"\\/":2}'],
    ['empty', '{"":1,"":2}'],
    ['__proto__', '{"__proto__":1,"__proto__":2}'],
    ['white space around', '{"a" : 1 , \n "a" : 2 }'],
    ['with a colon in it', '{"a:":1,"a:":2}'],
    ['behind a string that ends in a backslash', '{"b":"\\\\","a":1,"a":2}'],
    ['with an object that is thrown away', '{"a":{"b":1,"c":2},"a":1}'],
    ['a surrogate pair and its escapes', '{"\u{1F511}":1,"\\uD83D\\uDD11":2}'],
  ])('refuses a name that occurs twice: %s', (_, text) => {
    expect(refusalOf(() => parse(text))).toMatchObject({
      code: 'MALFORMED',
      message: expect.stringContaining('occurs twice'),
    });
  });

  it('finds a name that occurs twice in any spelling, and only then', () => {
    const names = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.boolean()), { maxLength: 6 });
    fc.assert(
      fc.property(names, (list) => {
        const members = list.map(([name, escape]) => `${escape ? escaped(name) : JSON.stringify(name)}:[]`);
        const twice = new Set(list.map(([name]) => name)).size < list.length;
        expect(codeOf(() => parse(`{${members.join()}}`))).toBe(twice ? 'MALFORMED' : undefined);
      }),
    );
  });

  it('reads what JSON.stringify writes, except integers that are not safe', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, depthSize: 'medium' }), (value) => {
        const text = JSON.stringify(value);
        let unsafe = false;
        const expected: unknown = JSON.parse(text, (_, part: unknown) => {
          unsafe ||= typeof part === 'number' && Number.isInteger(part) && !Number.isSafeInteger(part);
          return part;
        });
        let read: unknown;
        expect(codeOf(() => (read = parse(text)))).toBe(unsafe ? 'MALFORMED' : undefined);
        expect(read).toEqual(unsafe ? undefined : expected);
      }),
    );
  });

  it('looks for the end of a string only once, however many quotes and backslashes are in it', () => {
    const text = JSON.stringify({ a: '"'.repeat(1_000_000), b: '\\'.repeat(1_000_000) });
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('takes 8 levels and refuses 9', () => {
    expect(parse('[{"a":'.repeat(4) + '1' + '}]'.repeat(4))).toBeDefined();
    const nine = `[${'[{"a":'.repeat(4)}1${'}]'.repeat(4)}]`;
    expect(refusalOf(() => parse(nine))?.message).toContain('nested deeper than 8 levels');
  });

  it('refuses five million brackets before the parser sees them', () => {
    // JSON.parse would answer with a RangeError or after seconds, and with another message.
    const refusal = refusalOf(() => parse('['.repeat(5_000_000)));
    expect(refusal?.message).toContain('nested deeper');
    expect(codeOf(() => parse('{"a":'.repeat(5_000_000)))).toBe('MALFORMED');
  });

  it.each([
    ['nothing', ''],
    ['white space only', '  '],
    ['a byte-order mark', '\uFEFF{}'],
    ['two values', '{}{}'],
    ['something behind the end', '{} x'],
    ['a comment', '{/* */}'],
    ['single quotes', "{'a':1}"],
    ['a trailing comma', '[1,]'],
    ['NaN', 'NaN'],
    ['a hexadecimal number', '0x10'],
    ['a leading zero', '01'],
    ['a raw control character in a string', '"a\nb"'],
    ['an unknown escape', '"\\x41"'],
    ['an unknown escape in a name', '{"\\x41":1}'],
    ['an open string', '{"a'],
    ['an open string ending in a backslash', '"\\'],
    ['an open bracket', '{"a":[1'],
    ['brackets that do not match', '[}'],
    ['a closing bracket too many', '[]]'],
  ])('refuses %s', (_, text) => {
    expect(codeOf(() => parse(text))).toBe('MALFORMED');
  });

  it.each([
    ['a byte that is never in UTF-8', [0x22, 0xff, 0x22]],
    ['a character cut short', [0x22, 0xe2, 0x82, 0x22]],
    ['an overlong spelling', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [...Buffer.from('{}', 'utf16le')]],
  ])('refuses bytes that are not UTF-8: %s', (_, bytes) => {
    expect(codeOf(() => parse(Uint8Array.from(bytes)))).toBe('MALFORMED');
    expect(parse('"fine afterwards"')).toBe('fine afterwards');
  });

  it.each([
    ['2^53', '9007199254740992'],
    ['2^53 + 1', '9007199254740993'],
    ['-2^53', '-9007199254740992'],
    ['an integer written with a fraction', '9007199254740993.0'],
    ['an integer written with an exponent', '1e16'],
    ['beyond a double', '1e400'],
    ['beyond a double, negative', '-1e400'],
  ])('refuses a number that readers round differently: %s', (_, number) => {
    for (const text of [number, `[${number}]`, `{"a":{"b":${number}}}`]) {
      expect(refusalOf(() => parse(text))?.message).toContain('a number is out of the range');
    }
  });

  it.each([
    ['high', '"\\ud800"'],
    ['low', '"\\udc00"'],
    ['the wrong way round', '"\\udd11\\ud83d"'],
    ['in a name', '{"\\ud800":1}'],
    ['deep inside', '{"a":[{"b":"\\ud800"}]}'],
  ])('refuses half a character: %s', (_, text) => {
    expect(refusalOf(() => parse(text))).toMatchObject({
      code: 'MALFORMED',
      message: expect.stringContaining('half a character') as string,
    });
  });

  it('bounds strings and names in code points, when asked to', () => {
    const keys = '\u{1F511}'.repeat(256);
    expect(parse(`{"${keys}":"${keys}"}`, 256)).toEqual({ [keys]: keys });
    expect(codeOf(() => parse(`["${keys}k"]`, 256))).toBe('MALFORMED');
    expect(codeOf(() => parse(`{"${keys}k":1}`, 256))).toBe('MALFORMED');
    expect(parse(`"${'k'.repeat(100_000)}"`)).toHaveLength(100_000);
  });

  it('keeps a member called __proto__ as a member', () => {
    const value = parseStrictObject(Buffer.from('{"__proto__":{"edition":"flagship"}}'), 'text');
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect(value['edition']).toBeUndefined();
  });

  it.each(['null', '[]', '"{}"', '1', 'true'])('refuses %s where an object belongs', (text) => {
    expect(codeOf(() => parseStrictObject(Buffer.from(text), 'text'))).toBe('MALFORMED');
    expect(isObject(JSON.parse(text))).toBe(false);
  });

  it('names the document and never quotes it', () => {
    for (const text of ['{"secret":oops}', '{"secret":1,"secret":2}', '["secret",1e400]', 'secret']) {
      const message = refusalOf(() => parseStrictJson(Buffer.from(text), 'key file'))?.message;
      expect(message).toMatch(/^key file: /);
      expect(message).not.toContain('secret');
    }
  });

  it('throws nothing but refusals, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void codeOf(() => parse(bytes))));
    const jsonLike = fc.array(fc.constantFrom(...Array.from('{}[]",:\\u0e1-. nultrfas')), { maxLength: 40 });
    fc.assert(fc.property(jsonLike, (parts) => void codeOf(() => parse(parts.join('')))));
  });
});
