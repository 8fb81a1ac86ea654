import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

import {
  LicenseError,
  natsOptionsFromEnvironment,
  natsVariables,
  readTextFile,
  readVariable,
  type Environment,
} from '@latchkey/license/protocol';

import { ServerConfig } from './server-config.js';
import { ServerVariables, variablesWithFile } from './server-variables.js';

/**
 * Reads the configuration of the license-server.
 *
 * @throws {CONFIGURATION_INVALID} one error that names every bad variable and why (`problems` has one line each),
 *   and never the value of a secret
 */
export function loadServerConfig(env: Environment = process.env): ServerConfig {
  const problems = new Map<string, string>();
  const warnings: string[] = [];
  const attempt = (name: string, read: () => string | undefined | void): string | undefined => {
    try {
      return read() ?? undefined;
    } catch (error) {
      if (!(error instanceof LicenseError)) throw error;
      problems.set(name, error.message);
      return undefined;
    }
  };

  const plain: Record<string, string> = {};
  for (const name of Object.keys(new ServerVariables())) {
    const value = attempt(name, () =>
      variablesWithFile.has(name)
        ? readVariable(env, name, (warning) => warnings.push(warning))
        : env[name] || undefined,
    );
    if (value !== undefined) plain[name] = value;
  }
  const variables = plainToInstance(ServerVariables, plain);
  for (const { property, constraints = {} } of validateSync(variables)) {
    // A variable that could not be read is reported for that, not for being empty.
    if (!problems.has(property)) problems.set(property, Object.values(constraints).join('; '));
  }
  if (plain['LICENSE'] !== undefined && plain['LICENSE_PATH'] !== undefined) {
    problems.set('LICENSE', 'expected LICENSE or LICENSE_PATH, found both: set one of them');
  }
  // One at a time, so that each bad one is found; together they are read below.
  for (const name of natsVariables) {
    if (!problems.has(name)) attempt(name, () => checkNatsVariable(env, name));
  }

  if (problems.size > 0) throw configurationError(problems);
  return new ServerConfig(variables, natsOptionsFromEnvironment(env), warnings);
}

function checkNatsVariable(env: Environment, name: string): void {
  const path = env[name];
  // The driver reads these only when it connects, which would be too late to tell.
  if (name.startsWith('NATS_TLS_') && path) readTextFile(path, name);
  natsOptionsFromEnvironment({ [name]: path, [`${name}_FILE`]: env[`${name}_FILE`] });
}

function configurationError(problems: ReadonlyMap<string, string>): LicenseError {
  const lines = [...problems].map(([name, problem]) =>
    problem.includes(name) ? problem : `${name}: ${problem}`,
  );
  return new LicenseError(
    'CONFIGURATION_INVALID',
    `the license-server cannot start with this configuration:\n${lines.map((line) => `  - ${line}`).join('\n')}`,
    { problems: lines },
  );
}
