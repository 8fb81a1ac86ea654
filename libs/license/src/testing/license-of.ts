import { LICENSE_SETTINGS, type LicenseSettings } from '../nest/license.settings.js';
import { LicenseControl } from './license-control.js';
import { TestDeployment } from './test-deployment.js';

/** The part of an application, or of a `TestingModule`, that is needed here. */
interface ProviderLookup {
  get(token: symbol, options: { strict: false }): unknown;
}

/**
 * The handle on the license of an app under test.
 *
 * @param app the application, or the compiled `TestingModule`
 * @throws {Error} when it does not have its license from {@link LicenseTestingModule}
 */
export function licenseOf(app: ProviderLookup): LicenseControl {
  const deployment = TestDeployment.behind(settingsOf(app)?.adapters.source);
  if (deployment !== undefined) return new LicenseControl(deployment);
  throw new Error(
    'expected an app with a license of LicenseTestingModule, found one without: ' +
      'import LicenseTestingModule.licensed(), or give it to overrideLicense()',
  );
}

function settingsOf(app: ProviderLookup): LicenseSettings | null {
  try {
    return app.get(LICENSE_SETTINGS, { strict: false }) as LicenseSettings;
  } catch {
    return null; // an app without LicenseModule
  }
}
