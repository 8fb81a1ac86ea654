import { until } from './until.js';

describe('waiting until', () => {
  it('ends at once when it is true already, also after a promise', async () => {
    let asked = 0;
    await until(() => (asked += 1) > 0, 0);
    await until(() => Promise.resolve((asked += 1) > 0), 0);
    expect(asked).toBe(2);
  });

  it('asks again and again; what is thrown meanwhile is "not yet"', async () => {
    let asked = 0;
    await until(() => {
      asked += 1;
      if (asked < 3) throw new Error('not there yet');
      return asked === 5;
    });
    expect(asked).toBe(5);
  });

  it('gives up at the deadline, and says what it waited for and what went wrong last', async () => {
    const cause = new Error('still not there');
    const waiting = until(() => Promise.reject(cause), 30);
    await expect(waiting).rejects.toMatchObject({
      message: expect.stringMatching(/^not true within 30 ms: .*Promise\.reject\(cause\)/) as string,
      cause,
    });
  });

  it('blames no error that is over', async () => {
    let asked = 0;
    const waiting = until(() => {
      asked += 1;
      if (asked === 1) throw new Error('a moment ago');
      return false;
    }, 50);
    await expect(waiting).rejects.toMatchObject({ cause: undefined });
  });
});
