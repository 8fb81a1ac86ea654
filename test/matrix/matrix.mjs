import { join } from 'node:path';

import { expectSame } from '../../scripts/demo/claims.mjs';
import { Vendor } from '../../scripts/demo/vendor.mjs';
import { Consumer } from './consumer.mjs';
import { consumerKinds } from './consumers.mjs';
import { GeneratedApp } from './generated-app.mjs';
import { playLives } from './life.mjs';
import { checkNestAdd } from './nest-add.mjs';
import { provideNodes } from './nodes.mjs';
import { Cell, tableOf } from './table.mjs';
import { checkTarball, pack } from './tarball.mjs';

/**
 * Plays everything and prints the table.
 *
 * @param {object} world
 * @param {import('../../scripts/demo/stage.mjs').Stage} world.stage
 * @param {import('../../scripts/demo/claims.mjs').Claims} world.claims
 * @param {import('./npm.mjs').Npm} world.npm
 * @param {string} world.natsServer the program
 * @param {boolean} world.complete every Node, kind and scene
 * @param {string | undefined} world.only `consumers` or `nest-add`: the tarball and this; undefined for everything
 * @returns {Promise<string[]>} what was skipped, and why
 */
export async function playMatrix({ stage, claims, npm, natsServer, complete, only }) {
  const wants = (part) => only === undefined || only === part;
  const generated = wants('nest-add')
    ? (complete ? [12, 11] : [12]).map((nest) => newApp(npm, stage, nest))
    : [];
  const kinds = wants('consumers') ? consumerKinds.filter(({ inShortForm }) => complete || inShortForm) : [];
  const consumers = kinds.map((kind) => new Consumer(npm, stage.path('consumers'), kind));
  // Downloads take the longest, so all of them begin now.
  const nodes = inBackground(
    kinds.length === 0 ? Promise.resolve([]) : provideNodes(npm, stage.path('nodes'), complete),
  );
  const created = consumers.map((consumer) => inBackground(consumer.create()));

  claims.scene('The tarball');
  const tarball = await pack(npm, stage.folder);
  await checkTarball(claims, npm, tarball);

  const vendor = new Vendor(stage);
  await vendor.latchkey('keygen', '--out', vendor.folder);
  const world = { stage, claims, vendor, natsServer, complete, tarball: tarball.path, nodes: await nodes };
  const cells = [];
  for (const [index, consumer] of consumers.entries()) {
    cells.push(...(await playConsumer(world, consumer, created[index])));
  }
  if (cells.length > 0) console.log(`\n${tableOf(cells)}`);

  for (const app of generated) await checkNestAdd(claims, app, { tarball: tarball.path, complete });
  return world.nodes
    .filter(({ program }) => program === null)
    .map(({ version, reason }) => `Node ${version}: ${reason}`);
}

function newApp(npm, stage, nest) {
  const app = new GeneratedApp(npm, stage.path(`nest-add-${nest}`), nest);
  return { app, created: inBackground(app.create()) };
}

/** A task that nobody awaits yet may fail meanwhile: whoever awaits it will hear. */
function inBackground(promise) {
  promise.catch(() => 'told when it is awaited');
  return promise;
}

/** One kind of host application on every Node. @returns {Promise<Cell[]>} */
async function playConsumer(
  { stage, claims, vendor, natsServer, complete, tarball, nodes },
  consumer,
  created,
) {
  const { kind } = consumer;
  claims.scene(kind.title);
  await claims.claim('installing the tarball adds one package: itself', async () => {
    await created;
    const added = await consumer.install(tarball);
    expectSame('packages added', added, ['node_modules/@latchkey/license']);
    return added.join();
  });
  for (const build of kind.builds) {
    await claims.claim(`${build.title}: compiles, with the types of every entry point`, async () => {
      await consumer.compile(build, complete);
      return `tsc, ${build.options.moduleResolution}`;
    });
  }
  const cells = kind.builds.flatMap(({ title, outDir }) =>
    nodes.map((node) => {
      const slug = `${kind.name}-${outDir}-${node.version}`;
      return new Cell(claims, { title, slug, node, program: join(consumer.folder, outDir, 'main.js') });
    }),
  );
  const running = cells.filter(({ node }) => node.program !== null);
  for (const cell of running) {
    await cell.claim('every entry point loads by import and by require, as one copy', () =>
      consumer.loadEverything(cell.node.program),
    );
  }
  await playLives(stage, vendor, natsServer, running);
  await playRecipes(consumer, running, complete);
  return cells;
}

/** The Jest recipes of a kind, for its first build: each recipe on every Node, or the first one on the oldest. */
async function playRecipes(consumer, cells, complete) {
  const { recipes } = consumer.kind;
  for (const recipe of complete ? recipes : recipes.slice(0, 1)) {
    await consumer.addRecipe(recipe);
    const able = cells.filter(
      ({ title, node }) =>
        title === consumer.kind.title && Number.parseInt(node.version, 10) >= (recipe.since ?? 0),
    );
    for (const cell of complete ? able : able.slice(0, 1)) {
      await cell.claim(`a Jest of its own works with ${recipe.title}`, () =>
        consumer.test(cell.node.program, recipe),
      );
    }
  }
}
