import { TestIssuer, until } from '@latchkey/license/testing';

import {
  instanceTable,
  wrongClocks,
  type InstanceCell,
  type Moment,
  type WrongClock,
} from './clock-table.js';
import { InstanceLife } from './instance-life.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What happens until the clock goes wrong: `turn` is when it does. */
const moments: Readonly<Record<Moment, (life: InstanceLife, turn: () => void) => Promise<void>>> = {
  async 'at boot'(life, turn) {
    await life.ranBefore();
    turn();
    await life.app.start();
  },
  async 'at first boot'(life, turn) {
    turn();
    await life.app.start();
    await life.hears(life.license);
  },
  async running(life, turn) {
    await life.app.start();
    await life.hears(life.license);
    turn();
  },
  async disconnected(life, turn) {
    await life.app.start();
    await life.hears(life.license);
    life.app.source.lose();
    turn();
  },
  async 'while writing'(life, turn) {
    await life.app.start();
    await life.hears(life.license);
    const saved = life.hears(life.renewal);
    expect(life.app.license.status.persisted).toBe(false);
    turn();
    await saved;
  },
};

const cells = Object.entries(instanceTable).flatMap(([clock, row]) =>
  Object.entries(row).map(([moment, cell]) => [clock as WrongClock, moment as Moment, cell] as const),
);

describe("an instance's clock that is wrong", () => {
  let issuer: TestIssuer;
  let life: InstanceLife;
  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(() => {
    life = new InstanceLife(issuer);
  });
  afterEach(() => life.app.stop());

  it.each(cells)('by %s %s does no more than its cell says', async (clock, moment, cell: InstanceCell) => {
    const [first, ...later] = wrongClocks[clock];
    await moments[moment](life, () => life.turn(first));
    const said: string[] = [];
    for (const offMs of [first, ...later]) {
      life.turn(offMs);
      life.app.clock.advance(minuteMs); // by then every running instance has looked at its clock
      said.push(await life.says());
    }
    expect(said).toEqual(cell.meanwhile);
    life.app.clock.advance(hourMs); // the time floor is saved meanwhile

    life.turn(0);
    expect(await life.says()).toBe(cell.firstCheck ?? 'enterprise');
    life.app.clock.advance(minuteMs);
    expect(await life.says()).toBe('enterprise');

    const inForce = moment === 'while writing' ? life.renewal : life.license;
    await until(() => life.app.license.status.persisted);
    const { license, next, timeFloorMs } = await life.leaves();
    expect([license, next]).toEqual([inForce, undefined]);
    const issuedAtMs = life.issuedAtMs[moment === 'while writing' ? 1 : 0];
    expect(timeFloorMs).toBeGreaterThanOrEqual(issuedAtMs);
    expect(timeFloorMs).toBeLessThanOrEqual(life.nowMs());
  });
});
