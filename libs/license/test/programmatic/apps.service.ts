import { Injectable } from '@nestjs/common';
import { LicenseService } from '@latchkey/license';

@Injectable()
export class AppsService {
  #count = 0;

  constructor(private readonly license: LicenseService) {}

  create(): { seats: number } {
    this.license.assertWithinLimit('apps', this.#count + 1); // throws the refusal: 402
    this.#count += 1;
    return { seats: Number(this.license.feature('seats') ?? 1) };
  }
}
