import { Test, type TestingModule } from '@nestjs/testing';

import { LicenseError } from '../core/errors.js';
import { LicenseService } from '../nest/license.service.js';
import { licenseMatchers } from './license-matchers.js';
import { licenseOf } from './license-of.js';
import { LicenseTestingModule } from './license-testing.module.js';

expect.extend(licenseMatchers);

/** What a failed expectation says. */
const sayingOf = (expectation: () => unknown): string => {
  try {
    expectation();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing: it passed';
};

describe('the matchers', () => {
  let module: TestingModule;
  let license: LicenseService;
  beforeEach(async () => {
    const licensed = LicenseTestingModule.licensed({ limits: { apps: 1 } });
    module = await Test.createTestingModule({ imports: [licensed] }).compile();
    module.useLogger(false);
    await module.init();
    license = module.get(LicenseService);
  });
  afterEach(() => module.close());
  const refusal = () => license.check({ kind: 'feature', feature: 'sso' });
  const overLimit = (): void => license.assertWithinLimit('apps', 2);

  it('tell a licensed app, by its service or status', () => {
    expect(license).toBeLicensed();
    expect(license.status).toBeLicensed('enterprise');
    expect(license).not.toBeLicensed('flagship');
    expect(license).not.toBeCommunity();
    licenseOf(module).revoke();
    expect(license).not.toBeLicensed();
    expect(license).toBeCommunity();
    expect(license).toBeCommunity('revoked');
    expect(license).not.toBeCommunity('expired');
  });

  it('say what was found instead, and why', () => {
    expect(sayingOf(() => expect(license).toBeLicensed('flagship'))).toBe(
      'expected the flagship edition, licensed\n' +
        'found enterprise, state "active", reason "licensed": this deployment runs enterprise (the license is valid)',
    );
    expect(sayingOf(() => expect(license).not.toBeLicensed())).toMatch(/^expected anything but a license in/);
    licenseOf(module).issue({ aud: 'another' });
    expect(sayingOf(() => expect(license).toBeCommunity('absent'))).toMatch(
      /^expected no license in force, for the reason "absent"\nfound enterprise, .*\nlast refusal: PRODUCT_MISMATCH: /,
    );
  });

  it.each([undefined, null, 7, {}, { status: 200 }])('refuse %j, which has no license status', (received) => {
    const message = /^expected a LicenseService or its status, such as app\.get\(LicenseService\), found /;
    expect(sayingOf(() => expect(received).toBeLicensed())).toMatch(message);
    expect(sayingOf(() => expect(received).not.toBeCommunity())).toMatch(message);
  });

  it('find a refusal where the transports put it', () => {
    const exception = refusal();
    const body = exception?.getResponse();
    for (const received of [body, exception, { status: 402, body }, { error: body }, { extensions: body }]) {
      expect(received).toBeRefusedWith('LICENSE_FEATURE_REQUIRED');
      expect(received).not.toBeRefusedWith('LICENSE_PENDING');
    }
    for (const received of [undefined, null, 'ok', {}, { body: 'ok' }, { status: 200, body: {} }]) {
      expect(received).not.toBeRefusedWith('LICENSE_FEATURE_REQUIRED');
    }
  });

  it('say which refusal was found instead, or what was no refusal', () => {
    const expected = 'expected a refusal with the code LICENSE_PENDING\n';
    expect(sayingOf(() => expect(refusal()).toBeRefusedWith('LICENSE_PENDING'))).toBe(
      `${expected}found LICENSE_FEATURE_REQUIRED: This operation requires the feature sso, which the license of this deployment does not include.`,
    );
    expect(sayingOf(() => expect({ body: 'ok' }).toBeRefusedWith('LICENSE_PENDING'))).toBe(
      `${expected}found { body: 'ok' }`,
    );
  });

  it('ask for the body of a response that was not read', () => {
    const response = new Response('{}', { status: 402 });
    expect(sayingOf(() => expect(response).not.toBeRefusedWith('LICENSE_PENDING'))).toBe(
      'expected the body of a response, found one (status 402) that was not read: pass await response.json()',
    );
  });

  it('tell what a function throws, and with what a promise is rejected', async () => {
    expect(overLimit).toThrowWithCode('LICENSE_LIMIT_EXCEEDED');
    expect(overLimit).not.toThrowWithCode('LICENSE_PENDING');
    expect(() => 1).not.toThrowWithCode('LICENSE_PENDING');
    const rejected = Promise.reject(new LicenseError('EXPIRED', 'over'));
    await expect(rejected).rejects.toThrowWithCode('EXPIRED');
  });

  it('say what was thrown instead', () => {
    const expected = 'expected an error with the code EXPIRED\n';
    const throwing = (error: unknown) => () => {
      throw error;
    };
    expect(sayingOf(() => expect(() => 1).toThrowWithCode('EXPIRED'))).toBe(
      `${expected}found nothing thrown`,
    );
    expect(sayingOf(() => expect(throwing(new Error('no'))).toThrowWithCode('EXPIRED'))).toBe(
      `${expected}found no code: Error: no`,
    );
    expect(sayingOf(() => expect(throwing('text')).toThrowWithCode('EXPIRED'))).toBe(
      `${expected}found no code: text`,
    );
  });

  it('refuse what throws nothing by itself', () => {
    expect(sayingOf(() => expect(7).not.toThrowWithCode('EXPIRED'))).toBe(
      'expected a function that throws, found 7',
    );
    const rejecting = () => Promise.reject(new LicenseError('EXPIRED', 'over'));
    expect(sayingOf(() => expect(rejecting).not.toThrowWithCode('EXPIRED'))).toBe(
      'expected a function that throws, found one that returns a promise: use .rejects',
    );
  });
});
