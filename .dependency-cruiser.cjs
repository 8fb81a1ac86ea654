// The arrows of docs/architecture.md, as errors.
const spec = '\\.(e2e-)?spec\\.ts$';
const rooms = ['core', 'protocol', 'issuing', 'trust', 'store', 'distribution', 'nest', 'testing'];

/** Room `name` may import itself and the rooms in `allowed`, nothing else of the library. */
const room = (name, allowed, comment) => ({
  name: `room-${name}`,
  comment,
  severity: 'error',
  from: { path: `^libs/license/src/${name}/`, pathNot: spec },
  to: {
    path: `^libs/license/src/(?:(?:${rooms.filter((r) => r !== name && !allowed.includes(r)).join('|')})/|[^/]+\\.ts$)`,
  },
});

/** Room `name` never imports packages or Node modules that match. */
const never = (name, packages) => ({
  name: `room-${name}-packages`,
  severity: 'error',
  from: { path: `^libs/license/src/${name}/`, pathNot: spec },
  to: { path: packages },
});

const network = '(^|node:)(net|tls|http|https|http2|dgram|dns)(/|$)';
const fs = '^(node:)?fs(/|$)';
const npm = 'node_modules';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    room('core', [], 'values and decisions: imports nothing'),
    room('protocol', ['core'], 'formats and cryptography'),
    room('issuing', ['core', 'protocol'], 'the only room with private keys'),
    room('trust', ['core', 'protocol'], 'decides what is trusted; moves no bytes'),
    room('store', ['core'], 'stores sealed bytes; does not know what is in them'),
    room(
      'distribution',
      ['core', 'protocol', 'trust', 'store'],
      'moves licenses between bus, disk and memory',
    ),
    room('nest', ['core', 'protocol', 'trust', 'store', 'distribution'], 'wires and refuses'),
    never('core', `${npm}|${network}|${fs}|^(node:)?(crypto|path|os)$`),
    never('protocol', `${npm}|${network}|${fs}`),
    never('issuing', `${npm}|${network}|${fs}`),
    never('trust', `${npm}|${network}|${fs}|^(node:)?crypto$`),
    never('store', `${npm}|${network}`),
    never('distribution', `node_modules/(?!@nestjs/microservices/)|${network}|${fs}|^(node:)?crypto$`),
    never('nest', `${network}|${fs}|^(node:)?crypto$`),
    {
      name: 'testing-only-for-specs',
      severity: 'error',
      from: { path: '^libs/license/src/', pathNot: `${spec}|^libs/license/src/testing(/|\\.ts$)` },
      to: { path: '^libs/license/src/testing(/|\\.ts$)' },
    },
    {
      name: 'lib-not-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-not-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'apps-only-public-api',
      comment: 'apps and examples import the entry points of @latchkey/license, not files inside it',
      severity: 'error',
      from: { path: '^(apps|examples)/' },
      to: { path: '^libs/license/src/', pathNot: '^libs/license/src/[^/]+\\.ts$' },
    },
    {
      name: 'cli-and-server-without-nest-skin',
      comment: 'the guard and module are for licensed services',
      severity: 'error',
      from: { path: '^apps/(cli|license-server)/src/', pathNot: spec },
      to: { path: '^libs/license/src/index\\.ts$' },
    },
    {
      name: 'lib-only-declared-deps',
      severity: 'error',
      from: { path: '^libs/license/src', pathNot: spec },
      // an optional peer counts as npm-peer and as npm-no-pkg
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'transports-load-when-used',
      comment:
        'importing the library loads no transport of Nest: they come with import(), where they are in use',
      severity: 'error',
      from: { path: '^libs/license/src', pathNot: spec },
      to: {
        path: 'node_modules/(@nestjs/(microservices|websockets|graphql)|graphql)/',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-transport-driver-in-lib',
      comment: 'the NATS driver belongs to the host application',
      severity: 'error',
      from: { path: '^libs/license/src', pathNot: spec },
      to: { path: '@nats-io|node_modules/nats/' },
    },
    {
      name: 'no-test-in-prod',
      severity: 'error',
      from: { pathNot: `${spec}|(^|/)test/|^libs/license/src/testing` },
      to: { path: `@nestjs/testing|${spec}|/test/` },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['main', 'types'],
    },
    moduleSystems: ['es6', 'cjs'],
    externalModuleResolutionStrategy: 'node_modules',
  },
};
