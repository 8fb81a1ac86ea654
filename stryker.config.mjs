// npm run test:mutation: does a spec notice when a rule of the formats or of trust is broken? Stryker breaks them one by one.
import jest from './jest.config.mjs';

const [{ displayName: _name, ...unit }] = jest.projects;

export default {
  mutate: ['libs/license/src/{protocol,trust}/*.ts', '!**/*.spec.ts'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  plugins: ['@stryker-mutator/jest-runner'],
  jest: {
    projectType: 'custom',
    enableFindRelatedTests: true,
    // Only the specs beside the code, and only of these rooms: a rule belongs to the spec that states it.
    config: {
      ...unit,
      projects: [],
      testTimeout: jest.testTimeout,
      testMatch: ['<rootDir>/libs/license/src/{protocol,trust}/*.spec.ts'],
    },
  },
  coverageAnalysis: 'perTest',
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: 'coverage/mutation.json' },
  concurrency: 1,
  tempDirName: 'coverage/stryker',
};
