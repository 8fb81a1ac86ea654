import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';

import { LicenseRequiredException } from './license.exception.js';
import { canRefuse, refuseThrough } from './refusal-shapes.js';

const refusal = new LicenseRequiredException({
  statusCode: 503,
  error: 'Service Unavailable',
  code: 'LICENSE_PENDING',
  message: 'The license of this deployment is still being loaded; try again in a moment.',
  edition: 'community',
  reason: 'pending',
});

/** What ends a call of this type, without a request or response behind it. */
const endOf = async (type: string): Promise<unknown> => {
  const host = new ExecutionContextHost([]);
  host.setType(type);
  try {
    return await refuseThrough(host, refusal);
  } catch (error) {
    return error;
  }
};

describe('a refusal', () => {
  it.each(['graphql', 'ws', 'rpc'])('in %s is the cause of what its transport is told', async (type) => {
    const end = await endOf(type);
    expect(end).toMatchObject({ message: refusal.message, cause: refusal });
    expect(end).not.toBeInstanceOf(LicenseRequiredException);
  });

  it.each(['http', 'cron'])('in %s is thrown as it is, also where there is no response', async (type) => {
    expect(await endOf(type)).toBe(refusal);
  });

  it('has a shape of its own in the contexts of Nest, and in no other', () => {
    expect(['http', 'graphql', 'ws', 'rpc', 'cron', 'constructor'].filter(canRefuse)).toEqual([
      'http',
      'graphql',
      'ws',
      'rpc',
    ]);
  });
});
