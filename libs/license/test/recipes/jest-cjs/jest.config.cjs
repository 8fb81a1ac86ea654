const typescript = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'commonjs' },
};

module.exports = {
  testEnvironment: 'node',
  testRegex: '\\.spec\\.ts$',
  transform: { '^.+\\.[jt]s$': ['@swc/jest', typescript] },
  // These are ES modules; Jest's require() takes them once they are transformed, too.
  transformIgnorePatterns: ['/node_modules/(?!(@latchkey|@nestjs)/)'],
  setupFiles: ['reflect-metadata'],
};
