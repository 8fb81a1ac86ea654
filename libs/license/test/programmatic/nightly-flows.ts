import { Injectable } from '@nestjs/common';
import { LicenseService } from '@latchkey/license';
import { distinctUntilChanged, map } from 'rxjs';

@Injectable()
export class NightlyFlows {
  running = false;

  constructor(license: LicenseService) {
    license.changes$
      .pipe(
        map(({ features }) => features['workflow'] !== undefined),
        distinctUntilChanged(),
      )
      .subscribe((on) => (this.running = on)); // ends with the application
  }
}
