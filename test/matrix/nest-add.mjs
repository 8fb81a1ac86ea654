import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { expectSame } from '../../scripts/demo/claims.mjs';
import { TarballRegistry } from './registry.mjs';

/**
 * `nest add @latchkey/license`, from the tarball, on an app that the Nest CLI just made: fresh, the same again, with a
 * ConfigModule, and as one project of a monorepo.
 *
 * @param {import('../../scripts/demo/claims.mjs').Claims} claims
 * @param {{ app: import('./generated-app.mjs').GeneratedApp, created: Promise<void> }} generated
 * @param {{ tarball: string, complete: boolean }} what
 */
export async function checkNestAdd(claims, { app, created }, { tarball, complete }) {
  const nest = app.major;
  claims.scene(`nest add @latchkey/license, Nest ${nest}`);
  const registry = new TarballRegistry(tarball);
  await registry.start();
  try {
    await claims.claim(`nest new, Nest ${nest}`, async () => {
      await created;
      writeFileSync(app.path('.npmrc'), registry.npmrc);
      gateOneRoute(app, 'src/app.controller.ts');
      app.save();
      return app.describe();
    });
    const vitest = nest === 12 ? [testedApp] : [];
    const more = complete ? [...vitest, monorepo] : [];
    for (const scene of [freshApp, againApp, configuredApp, ...more]) await scene(claims, app, nest);
  } finally {
    registry.stop();
  }
}

function gateOneRoute(app, controller) {
  app.edit(controller, (text) =>
    text
      .replace(/^/, "import { RequireEnterprise } from '@latchkey/license';\n")
      .replace(
        /\}\s*$/,
        "\n  @Get('gated')\n  @RequireEnterprise()\n  gated(): string {\n    return '';\n  }\n}\n",
      ),
  );
}

async function freshApp(claims, app, nest) {
  await claims.claim(`nest add on a fresh app, Nest ${nest}`, async () => {
    transcript(await app.nest('add', '@latchkey/license'));
    console.log(indented(app.read('src', 'app.module.ts')));
    return await compiledAndRefused(app);
  });
}

async function againApp(claims, app, nest) {
  await claims.claim(`nest add once more, Nest ${nest}: says so and changes nothing`, async () => {
    const before = app.files();
    const said = await app.nest('add', '@latchkey/license');
    transcript(said);
    expectSame('files', app.files(), before);
    const [sentence] = /LicenseModule is already imported.*/.exec(said) ?? [];
    if (sentence === undefined) throw new Error(`expected it to say so, found: ${said}`);
    return sentence;
  });
}

async function configuredApp(claims, app, nest) {
  await claims.claim(`nest add on an app with a ConfigModule and an .env.example, Nest ${nest}`, async () => {
    app.restore();
    await app.npm.npm(app.folder, 'install', `@nestjs/config@${nest === 11 ? '^4.0.0' : '^12.0.0'}`);
    app.edit('src/app.module.ts', (text) =>
      text
        .replace(/^/, "import { ConfigModule } from '@nestjs/config';\n")
        .replace(/imports: \[\]/, 'imports: [\n    ConfigModule.forRoot({ isGlobal: true }),\n  ]'),
    );
    const env = '# mine\nPORT=3000\nNATS_URL=nats://nats:4222\n';
    writeFileSync(app.path('.env.example'), env);
    transcript(await app.nest('add', '@latchkey/license', '--product', 'agent-os'));
    const text = app.read('src', 'app.module.ts');
    console.log(indented(text));
    expectSame(
      'LicenseModule follows ConfigModule',
      /ConfigModule\.forRoot[^]*LicenseModule\.forRoot/.test(text),
      true,
    );
    expectSame('product', /product: 'agent-os'/.test(text), true);
    expectSame('lines of .env.example kept', app.read('.env.example').startsWith(env), true);
    return await compiledAndRefused(app);
  });
}

async function testedApp(claims, app, nest) {
  await claims.claim(
    `the specs of that app run with the Vitest that nest new set up, Nest ${nest}`,
    async () => {
      for (const name of ['reports.controller.ts', 'reports.controller.spec.ts']) {
        copyFileSync(join(import.meta.dirname, 'app', name), app.path('src', name));
      }
      const vitest = ['node_modules/vitest/vitest.mjs', 'run', 'src/reports.controller.spec.ts'];
      const said = stripVTControlCharacters(await app.npm.run(app.folder, process.execPath, vitest));
      const [counts] = /Tests +2 passed \(2\)/.exec(said) ?? [];
      if (counts === undefined) throw new Error(said);
      return counts;
    },
  );
}

async function monorepo(claims, app, nest) {
  await claims.claim(`nest add for one project of a monorepo, Nest ${nest}`, async () => {
    app.restore();
    await app.nest('generate', 'app', 'billing');
    app.edit('nest-cli.json', (text) => {
      const config = JSON.parse(text);
      config.compilerOptions = { ...config.compilerOptions, builder: 'tsc' }; // the others are not installed
      delete config.compilerOptions.webpack;
      return JSON.stringify(config, null, 2);
    });
    gateOneRoute(app, 'apps/billing/src/billing.controller.ts');
    transcript(await app.nest('add', '@latchkey/license', '--project', 'billing'));
    expectSame('vendor keys', /PLACEHOLDER/.test(app.read('apps', 'billing', 'src', 'vendor-keys.ts')), true);
    return await compiledAndRefused(app, 'billing');
  });
}

async function compiledAndRefused(app, project) {
  await app.nest('build', ...(project === undefined ? [] : [project]));
  const dist = project === undefined ? 'dist' : `dist/apps/${project}`;
  const { status, body } = await app.ask(dist, '/gated');
  expectSame(
    'answer of a gated route',
    { status, code: body.code },
    { status: 402, code: 'LICENSE_EDITION_REQUIRED' },
  );
  return 'compiles, starts, answers 402';
}

function transcript(said) {
  console.log(indented(`$ nest add @latchkey/license\n${said}`));
}

function indented(text) {
  return text.trimEnd().replaceAll(/^/gm, '    ');
}
