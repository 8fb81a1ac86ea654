import { Logger } from '@nestjs/common';

let warned = false;

/** Says, once, that a running product licenses itself: whoever imports the testing kit there has a hole to close. */
export function warnInProduction(): void {
  // Asked here, not in the settings: test licenses read no environment otherwise.
  if (warned || process.env['NODE_ENV'] !== 'production') return;
  warned = true;
  new Logger('License').warn(
    'LicenseTestingModule is used with NODE_ENV=production: this program issues licenses to itself. ' +
      'Import LicenseModule.forRoot() instead; @latchkey/license/testing is for tests only',
  );
}
