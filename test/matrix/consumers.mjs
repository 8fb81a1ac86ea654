import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from '../../scripts/set-up.mjs';
import { codeBlockOf } from './guide.mjs';

/**
 * A way to run Jest: the text of its configuration, which is a code block of a guide wherever people need one from us.
 * `since`: the first line of Node it works on.
 *
 * @typedef {{ title: string, config: string, text: string, flags: string[], packages: string[], since?: number }} Recipe
 */

/**
 * A kind of host application: what it is made of, and how it is compiled and tested.
 *
 * @typedef {object} ConsumerKind
 * @property {string} title
 * @property {string} name of its folder
 * @property {boolean} esm
 * @property {string[]} packages what `npm install` is given before the library
 * @property {{ outDir: string, title: string, options: Record<string, unknown> }[]} builds
 * @property {Recipe[]} recipes of Jest
 * @property {boolean} inShortForm
 */

const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
const ours = (name) => `${name}@${devDependencies[name]}`;
const nest = (major, ...more) => [
  ...['common', 'core', 'microservices', 'platform-express', 'testing'].map(
    (name) => `@nestjs/${name}@^${major}.0.0`,
  ),
  'reflect-metadata@^0.2.2',
  'rxjs@^7.8.0',
  ours('@types/node'),
  ...more,
];
const jest = [ours('jest'), ours('@types/jest')];
const swc = [...jest, ours('@swc/core'), ours('@swc/jest')];

const tsJest = [...jest, 'ts-jest@^29.4.0'];
const vmModules = ['--experimental-vm-modules'];

/** @type {Record<string, Recipe>} */
const recipes = {
  swcEsm: {
    title: '@swc/jest',
    config: 'jest.config.mjs',
    text: codeBlockOf('testing.md', "module: { type: 'es6' }"),
    flags: vmModules,
    packages: swc,
  },
  swcCommonJs: {
    title: '@swc/jest',
    config: 'jest-swc.config.js',
    text: codeBlockOf('testing.md', "module: { type: 'commonjs' }"),
    flags: [],
    packages: swc,
  },
  tsJestOfNest11: {
    title: 'ts-jest',
    config: 'jest-ts-jest.config.js',
    text: codeBlockOf('install.md', "'ts-jest'"),
    flags: [],
    packages: tsJest,
  },
  // As Nest's own template has it. Its packages are ES modules, which Jest can require since Node 24.9.
  tsJestOfNest12: {
    title: 'ts-jest',
    config: 'jest-ts-jest.config.js',
    text: `module.exports = { testRegex: '\\\\.spec\\\\.ts$', transform: { '^.+\\\\.(t|j)s$': 'ts-jest' } };\n`,
    flags: vmModules,
    packages: tsJest,
    since: 24,
  },
};
const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' };

/** @type {readonly ConsumerKind[]} */
export const consumerKinds = [
  {
    title: 'Nest 12, ES modules',
    name: 'nest12-esm',
    esm: true,
    packages: nest(12, '@nats-io/transport-node@^3.0.0', ours('typescript')),
    builds: [{ outDir: 'dist', title: 'Nest 12, ES modules', options: nodenext }],
    recipes: [recipes.swcEsm],
    inShortForm: true,
  },
  {
    title: 'Nest 12, CommonJS',
    name: 'nest12-cjs',
    esm: false,
    packages: nest(12, '@nats-io/transport-node@^3.0.0', ours('typescript')),
    builds: [{ outDir: 'dist', title: 'Nest 12, CommonJS', options: nodenext }],
    recipes: [recipes.swcCommonJs, recipes.tsJestOfNest12],
    inShortForm: false,
  },
  {
    title: 'Nest 11, CommonJS',
    name: 'nest11-cjs',
    esm: false,
    packages: nest(11, 'nats@^2.29.0', 'typescript@~5.9.0'),
    builds: [
      { outDir: 'dist', title: 'Nest 11, CommonJS', options: nodenext },
      {
        outDir: 'dist-node10',
        title: 'Nest 11, CommonJS, moduleResolution node10',
        options: { module: 'commonjs', moduleResolution: 'node10' },
      },
    ],
    recipes: [recipes.tsJestOfNest11, recipes.swcCommonJs],
    inShortForm: true,
  },
];
