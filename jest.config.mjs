// Jest 30 in ESM mode: run it with node --experimental-vm-modules (the npm scripts do).
const swc = [
  '@swc/jest',
  {
    swcrc: false,
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: false,
        verbatimModuleSyntax: true,
      },
      keepClassNames: true,
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];
// Node 20 lets Jest require only CommonJS, which this package of Mercurius' no longer is.
const toCommonJs = ['@swc/jest', { swcrc: false, module: { type: 'commonjs' } }];
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': swc,
    '^.+\\.cts$': [swc[0], { ...swc[1], module: { type: 'commonjs' } }],
    '/content-disposition/.+\\.js$': toCommonJs,
  },
  transformIgnorePatterns: ['/node_modules/(?!(@fastify/static/node_modules/)?content-disposition/)'],
  moduleNameMapper: {
    '^@latchkey/license$': '<rootDir>/libs/license/src/index.ts',
    '^@latchkey/license/(protocol|issuing|testing)$': '<rootDir>/libs/license/src/$1.ts',
    '^(\\.{1,2}/own-require)\\.cjs$': '$1.cts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/libs/[^/]+/dist/'],
  setupFiles: ['reflect-metadata'],
};
/** @type {import('jest').Config} */
export default {
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.spec.ts'] },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/{apps,libs}/*/test/**/*.e2e-spec.ts', '<rootDir>/examples/test/*.e2e-spec.ts'],
    },
    // The whole system, slower: run by npm run test:system, not by npm test.
    { ...common, displayName: 'system', testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'] },
  ],
  testTimeout: 30_000,
  collectCoverageFrom: ['{apps,libs}/*/src/**/*.ts', '!**/*.spec.ts', '!**/main.ts'],
  coverageDirectory: 'coverage',
  coverageProvider: 'babel',
};
