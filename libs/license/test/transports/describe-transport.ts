import { TestIssuer } from '@latchkey/license/testing';

import type { ErrorShape, Operation } from './error-shapes.js';
import { LicenseByHand } from './license-by-hand.js';
import { refusalBodies } from './refusal-bodies.js';

/** An application that offers the operations, and a client that calls them. */
export interface CalledApp {
  /** @returns all that the client sees */
  call(operation: Operation): Promise<unknown>;
  stop(): Promise<void>;
}

/** States for one transport what holds on every one, with the errors in its own shape. */
export function describeTransport(
  name: string,
  shape: ErrorShape,
  start: (license: LicenseByHand) => Promise<CalledApp>,
): void {
  describe(name, () => {
    let issuer: TestIssuer;
    let license: LicenseByHand;
    let app: CalledApp;

    beforeAll(async () => {
      issuer = await TestIssuer.create();
    });
    beforeEach(async () => {
      license = new LicenseByHand(issuer);
      app = await start(license);
    });
    afterEach(() => app.stop());

    const expectAnswer = async (operation: Operation): Promise<void> =>
      expect(await app.call(operation)).toEqual(shape.answered(operation));
    const expectRefusal = async (operation: Operation, why: keyof typeof refusalBodies): Promise<void> =>
      expect(await app.call(operation)).toEqual(shape.refused(refusalBodies[why], operation));

    it('answers what requires nothing', async () => {
      await expectAnswer('open');
      license.isAbsent();
      await expectAnswer('open');
    });

    it('while the first answer is awaited, says to try again', async () => {
      await expectRefusal('enterprise', 'pending');
      await expectRefusal('workflow', 'pending');
    });

    it('refuses without a license, answers from the moment one arrives, and refuses after its end', async () => {
      license.isAbsent();
      await expectRefusal('enterprise', 'absent');
      license.arrives();
      await expectAnswer('enterprise');
      license.ends();
      await expectRefusal('enterprise', 'expired');
      license.arrives();
      await expectAnswer('enterprise');
    });

    it('refuses a feature that the license does not include, until one does', async () => {
      license.arrives();
      await expectRefusal('workflow', 'noWorkflow');
      license.arrives({ features: { workflow: true } });
      await expectAnswer('workflow');
    });

    it('gives a refusal that the handler throws the same shape, with LicenseInterceptor', async () => {
      license.isAbsent();
      await expectRefusal('apps', 'tooManyApps');
      license.arrives();
      await expectAnswer('apps');
    });
  });
}
