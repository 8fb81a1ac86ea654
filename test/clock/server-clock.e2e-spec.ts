import { ManualClock, TestIssuer, until } from '@latchkey/license/testing';

import { WatchedFolder } from '../../apps/license-server/test/watched-folder.js';
import { wrongClocks, type WrongClock } from './clock-table.js';
import { InstanceLife } from './instance-life.js';
import { fileTable, wordTable, type FileMoment, type ServerMoment } from './server-clock-table.js';

const minuteMs = 60_000;
const dayS = 24 * 3600;

/** What an instance says of its license and of the last word it heard. */
function saysOfWords(life: InstanceLife): string {
  const { edition, freshness, clockOffsetMs, clockRolledBack } = life.app.license.status;
  const offset = clockOffsetMs === null ? '' : `, server ${Math.round(clockOffsetMs)} ms`;
  return `${edition}, ${freshness}${offset}${clockRolledBack ? ', clock set back' : ''}`;
}

type Table<Moment extends string> = Readonly<Record<WrongClock, Readonly<Record<Moment, readonly string[]>>>>;

function cellsOf<Moment extends string>(table: Table<Moment>): [WrongClock, Moment, readonly string[]][] {
  return Object.entries(table).flatMap(([clock, row]) =>
    Object.entries<readonly string[]>(row).map(([moment, cell]): [WrongClock, Moment, readonly string[]] => [
      clock as WrongClock,
      moment as Moment,
      cell,
    ]),
  );
}

describe("a license-server's clock that is wrong, for an instance", () => {
  /** How the instance gets to the first word, and which license the words are about. */
  const moments: Readonly<Record<ServerMoment, (life: InstanceLife) => Promise<string>>> = {
    async 'at boot'(life) {
      await life.app.start();
      return life.license;
    },
    async running(life) {
      await life.ranBefore();
      await life.app.start();
      return life.license;
    },
    async disconnected(life) {
      await life.ranBefore();
      await life.app.start();
      life.app.source.lose();
      life.app.clock.advance(minuteMs);
      life.app.source.connect();
      return life.license;
    },
    async 'while writing'(life) {
      await life.ranBefore();
      await life.app.start();
      return life.renewal;
    },
  };

  let issuer: TestIssuer;
  let life: InstanceLife;
  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(() => {
    life = new InstanceLife(issuer);
  });
  afterEach(() => life.app.stop());

  it.each(cellsOf(wordTable))('by %s %s does what its cell says', async (clock, moment, cell) => {
    const license = await moments[moment](life);
    const said: string[] = [];
    for (const offMs of wrongClocks[clock]) {
      await life.hears(license, offMs);
      said.push(saysOfWords(life));
      life.app.clock.advance(minuteMs);
    }
    expect(said).toEqual(cell);
    expect(await life.says()).toBe('enterprise');

    await life.hears(license);
    expect(saysOfWords(life)).toBe('enterprise, fresh, server 0 ms');
    const saved = await life.leaves();
    expect(saved.license).toBe(license);
    expect(saved.timeFloorMs).toBeLessThanOrEqual(life.nowMs());
  });
});

describe('a license-server whose own clock is wrong', () => {
  const clockNow = new ManualClock();
  let issuer: TestIssuer;
  let folder: WatchedFolder;
  beforeAll(async () => {
    issuer = await TestIssuer.create('agent-os', clockNow);
  });
  beforeEach(() => {
    folder = new WatchedFolder(issuer);
  });
  afterEach(() => folder.remove());

  it.each(cellsOf(fileTable))('by %s %s serves its license all the same', async (clock, moment, cell) => {
    const { clock: own } = folder;
    const truthMs = own.wallMs() - own.monotonicMs();
    const turn = (offMs: number): void => own.setWall(truthMs + own.monotonicMs() + offMs);
    const [nowS, [first, ...later]] = [own.wallMs() / 1000, wrongClocks[clock]];
    const put = (serial: number): string =>
      folder.put(issuer.issue({ serial, iat: nowS - dayS, exp: nowS + 180 * dayS }));
    const begin: Readonly<Record<FileMoment, () => ReturnType<WatchedFolder['start']>>> = {
      'at boot'() {
        put(2);
        turn(first);
        return folder.start();
      },
      running() {
        put(2);
        const watch = folder.start();
        turn(first);
        return watch;
      },
      'while writing'() {
        put(1);
        const watch = folder.start();
        turn(first);
        put(2);
        return watch;
      },
    };
    const watch = begin[moment]();
    const serves = (): string => `serves ${watch.current?.license.serial}, ${watch.standing}`;
    const said: string[] = [];
    for (const offMs of [first, ...later]) {
      turn(offMs);
      own.advance(minuteMs);
      said.push(serves());
    }
    expect(said).toEqual(cell);
    turn(0);
    await until(() => serves() === 'serves 2, active');
    expect(watch.problem).toBeNull();
  });
});
