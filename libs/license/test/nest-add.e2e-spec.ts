import { TrustedKeyRing } from '../src/protocol/trusted-keys.js';
import { nestAdd as schematic } from '../schematics/nest-add.cjs';
import { MemoryTree } from './memory-tree.js';

const esmApp = {
  'package.json': '{ "name": "@acme/shop", "type": "module", "dependencies": { "@nestjs/core": "^12.0.1" } }',
  'src/main.ts': `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
await app.listen(3000);
`,
  'src/app.module.ts': moduleWith('imports: [],\n  controllers: [],'),
};

function moduleWith(metadata: string): string {
  return `import { Module } from '@nestjs/common';

@Module({
  ${metadata}
})
export class AppModule {}
`;
}

/** Runs the schematic: the tree after it, and what it said. */
function nestAdd(
  files: Readonly<Record<string, string>>,
  options: { sourceRoot?: string; product?: string } = {},
): { tree: MemoryTree; said: string } {
  const tree = new MemoryTree(files);
  const said: string[] = [];
  schematic(options)(tree, { logger: { info: (message) => said.push(message) } });
  return { tree, said: said.join('\n') };
}

/** The root module after nest add, without its first lines: what is in `@Module()`. */
function metadataAfter(metadata: string): string {
  const { tree } = nestAdd({ ...esmApp, 'src/app.module.ts': moduleWith(metadata) });
  return /@Module\(\{\n {2}([^]*)\n\}\)/.exec(tree.readText('src/app.module.ts'))?.[1] ?? '';
}

const entry = "LicenseModule.forRoot({ product: 'shop', trustedKeys: vendorKeys })";

describe('nest add @latchkey/license', () => {
  it('imports the module into the root module', () => {
    const { tree } = nestAdd(esmApp);
    expect(tree.readText('src/app.module.ts')).toBe(`import { Module } from '@nestjs/common';
import { LicenseModule } from '@latchkey/license';
import { vendorKeys } from './vendor-keys.js';

@Module({
  imports: [${entry}],
  controllers: [],
})
export class AppModule {}
`);
  });

  it.each([
    ['no list of imports', 'controllers: [],', `imports: [${entry}],\n  controllers: [],`],
    ['one import', 'imports: [OneModule],', `imports: [OneModule, ${entry}],`],
    [
      'imports on lines of their own',
      'imports: [\n    OneModule,\n    TwoModule,\n  ],',
      `imports: [\n    OneModule,\n    TwoModule,\n    ${entry},\n  ],`,
    ],
    [
      'a ConfigModule',
      'imports: [ConfigModule.forRoot({ isGlobal: true }), OneModule],',
      `imports: [ConfigModule.forRoot({ isGlobal: true }), ${entry}, OneModule],`,
    ],
    [
      'an awaited ConfigModule on a line of its own',
      'imports: [\n    await ConfigModule.forRoot(), // first\n    OneModule,\n  ],',
      `imports: [\n    await ConfigModule.forRoot(),\n    ${entry}, // first\n    OneModule,\n  ],`,
    ],
    ['a spread list', 'imports: [...shared],', `imports: [...shared, ${entry}],`],
  ])('edits a module with %s', (_name, before, after) => {
    expect(metadataAfter(before)).toBe(after);
  });

  it('makes a placeholder that the module takes and no license verifies with', () => {
    const [one, two] = [nestAdd(esmApp), nestAdd(esmApp)].map(({ tree }) =>
      tree.readText('src/vendor-keys.ts'),
    );
    const n = (text = ''): string => /n: '([^']+)'/.exec(text)?.[1] ?? '';
    expect(one).toContain('PLACEHOLDER: replace this key');
    expect(n(one)).not.toBe(n(two));
    const jwk = { kty: 'RSA', kid: 'placeholder', alg: 'PS256', use: 'sig', e: 'AQAB', n: n(one) };
    expect(TrustedKeyRing.from({ keys: [jwk] }).kids).toEqual(['placeholder']);
  });

  it('keeps vendor keys that are there', () => {
    const mine = "export const vendorKeys = '…';\n";
    const { tree, said } = nestAdd({ ...esmApp, 'src/vendor-keys.ts': mine });
    expect(tree.readText('src/vendor-keys.ts')).toBe(mine);
    expect(said).not.toContain('placeholder');
  });

  it('says so and changes nothing when run again', () => {
    const { files } = nestAdd(esmApp).tree;
    const { tree, said } = nestAdd(files);
    expect(tree.files).toEqual(files);
    expect(said).toBe('LicenseModule is already imported in src/app.module.ts: nothing was changed.');
  });

  it('sees a module that is imported elsewhere, and does not take a comment or a spec for one', () => {
    const elsewhere = 'export const licensing = LicenseModule.forRootAsync({ useFactory });\n';
    expect(nestAdd({ ...esmApp, 'src/core/core.module.ts': elsewhere }).said).toContain(
      'already imported in src/core/core.module.ts',
    );
    const comment = `// ${elsewhere}`;
    const more = { 'src/notes.ts': comment, 'src/app.spec.ts': elsewhere };
    expect(nestAdd({ ...esmApp, ...more }).said).toContain('Next:');
  });

  it('adds to .env.example what it lacks and keeps every line it has', () => {
    const before = 'PORT=3000\n# NATS_URL=nats://nats:4222\n';
    const { tree } = nestAdd({ ...esmApp, '.env.example': before });
    const after = tree.readText('.env.example');
    expect(after.startsWith(before)).toBe(true);
    expect(after.match(/NATS_URL/g)).toHaveLength(1);
    expect(after).toMatch(/^LICENSE_ENCRYPTION_KEYS=$/m);
    expect(after).toMatch(/^# LICENSE_KEY_PATH=$/m);
  });

  it('follows a monorepo: source root, entry file, and a root module of another name', () => {
    const { tree } = nestAdd(
      {
        'package.json': '{ "name": "shop" }',
        'nest-cli.json':
          '{ "projects": { "api": { "sourceRoot": "apps/api/src", "entryFile": "server" }, "b": { "sourceRoot": "b" } } }',
        'apps/api/src/server.ts': `import { RootModule } from './root/root.module';
void NestFactory.createMicroservice(RootModule, {});
`,
        'apps/api/src/root/root.module.ts': moduleWith('providers: [],').replace('AppModule', 'RootModule'),
      },
      { sourceRoot: 'apps/api/src', product: "o'shop" },
    );
    const text = tree.readText('apps/api/src/root/root.module.ts');
    expect(text).toContain("from '../vendor-keys';");
    expect(text).toContain(String.raw`product: 'o\'shop'`);
    expect(tree.exists('apps/api/src/vendor-keys.ts')).toBe(true);
  });

  it('keeps line ends and quotes of the file', () => {
    const windows = esmApp['src/app.module.ts'].replaceAll('\n', '\r\n').replaceAll("'", '"');
    const { tree } = nestAdd({ ...esmApp, 'src/app.module.ts': windows });
    const text = tree.readText('src/app.module.ts');
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(text).not.toContain("'");
  });

  it.each([
    ['^12.0.1', {}, '@nats-io/transport-node'],
    ['^11.1.0', {}, 'npm install nats '],
    ['^11.1.0', { nats: '^2.29.0' }, null],
  ])('names the NATS driver that Nest %s needs, unless it is there: %j', (version, more, driver) => {
    const manifest = JSON.stringify({ dependencies: { '@nestjs/core': version, ...more } });
    const { said } = nestAdd({ ...esmApp, 'package.json': manifest });
    expect(said.includes('npm install')).toBe(driver !== null);
    expect(said).toContain(driver ?? '@RequireEnterprise()');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['an imports list it cannot edit', { 'src/app.module.ts': moduleWith('imports: shared,') }, /as a list/],
    ['no class with @Module()', { 'src/app.module.ts': 'export class AppModule {}' }, /@Module\(\{/],
    ['no call of NestFactory', { 'src/main.ts': 'await bootstrap();' }, /NestFactory\.create\(AppModule\)/],
    ['vendor-keys.ts of something else', { 'src/vendor-keys.ts': 'export {};' }, /"vendorKeys"/],
  ])('changes nothing and says what to do for %s', (_name, files, message) => {
    const tree = new MemoryTree({ ...esmApp, ...files });
    const before = tree.files;
    expect(() => schematic({})(tree, { logger: { info: () => undefined } })).toThrow(message);
    expect(tree.files).toEqual(before);
  });
});
