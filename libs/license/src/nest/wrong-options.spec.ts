import type { LicenseModuleOptions } from '@latchkey/license';

import { refusalOf } from '../testing/throws-with-code.js';
import { LicenseModule } from './license.module.js';

/** What is wrong with options as JavaScript, a file or a factory may give them. */
const problemsOf = (options: unknown): readonly string[] =>
  refusalOf(() => LicenseModule.forRoot(options as LicenseModuleOptions))?.problems ?? [];

describe('wrong options', () => {
  it('that do not exist are named, with the one that is meant', () => {
    expect(
      problemsOf({
        produkt: 'x',
        TrustedKeys: {},
        isglobal: true,
        refusal: { statuscode: 403, upgradeURL: 'x' },
        community: { limit: {} },
        adapters: { stor: null },
      }),
    ).toEqual([
      'produkt: there is no such option; did you mean product?',
      'TrustedKeys: there is no such option; did you mean trustedKeys?',
      'isglobal: there is no such option; did you mean isGlobal?',
      'community.limit: there is no such option; did you mean limits?',
      'refusal.statuscode: there is no such option',
      'refusal.upgradeURL: there is no such option; did you mean upgradeUrl?',
      'adapters.stor: there is no such option; did you mean store?',
    ]);
  });

  it('of the wrong kind are named, whatever they are', () => {
    expect(
      problemsOf({
        allowEnvTrust: 'yes',
        license: 'nonsense',
        features: 'workflow',
        nats: true,
        community: 3,
        bootstrapTimeoutMs: '10s',
        refusal: { status: '402', message: 'No.', upgradeUrl: '' },
        environment: null,
        adapters: [],
      }),
    ).toEqual([
      'allowEnvTrust: expected true or false',
      expect.stringMatching(/^license: /),
      'features: expected a list of names',
      'nats: expected false, or the options of the NATS transport',
      'community: expected an object with "limits"',
      'bootstrapTimeoutMs: expected 0 to 60000',
      'refusal.status: expected a status from 400 to 499',
      'refusal.message: expected a function that returns the sentence',
      'refusal.upgradeUrl: expected a non-empty string',
      'environment: expected variables by name',
    ]);
    expect(problemsOf({ nats: { servers: 'nats://a' } })).toEqual([
      'nats.servers: expected a list of addresses',
    ]);
    expect(problemsOf({ nats: {} })).toEqual(['nats.servers: expected a list of addresses']);
    expect(problemsOf(null)).toEqual(['expected an object of options, found null']);
    expect(problemsOf('x')).toEqual(['expected an object of options, found string']);
  });

  it('in advisory mode are features that the product does not sell', () => {
    expect(problemsOf({ advisory: ['anything'] })).toEqual([]);
    expect(problemsOf({ advisory: 'audit-log' })).toEqual(['advisory: expected a list of names of features']);
    expect(problemsOf({ features: ['audit-log', 'sso'], advisory: ['sso', 'audit-logs'] })).toEqual([
      'advisory: audit-logs is none of the features; did you mean audit-log?',
    ]);
  });

  it('are all in one message, which repeats no license', () => {
    const failure = refusalOf(() =>
      LicenseModule.forRoot({ license: 'x.secret.y', product: '', advisory: [''], features: [''] }),
    );
    expect(failure?.code).toBe('CONFIGURATION_INVALID');
    expect(failure?.message).toBe(`LicenseModule options: ${failure?.problems.join('; ')}`);
    expect(failure?.message).not.toContain('secret');
  });

  it('are not those that are set to undefined, nor isGlobal', () => {
    const unset = {
      product: undefined,
      nats: undefined,
      refusal: undefined,
      community: { limits: { x: undefined } },
    };
    expect(problemsOf({ ...unset, isGlobal: false })).toEqual([]);
  });
});
