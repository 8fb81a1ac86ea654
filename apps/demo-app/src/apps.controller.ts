import { LicenseService } from '@latchkey/license';
import { Body, Controller, Post } from '@nestjs/common';
import { IsString, Length } from 'class-validator';

export class CreateAppBody {
  @IsString()
  @Length(1, 64)
  readonly name: string = '';
}

@Controller('apps')
export class AppsController {
  readonly #names: string[] = [];

  constructor(private readonly license: LicenseService) {}

  /** How many apps there may be is up to the license; the community edition has a limit of its own. */
  @Post()
  create(@Body() { name }: CreateAppBody): { name: string; apps: number } {
    this.license.assertWithinLimit('apps', this.#names.length + 1);
    this.#names.push(name);
    return { name, apps: this.#names.length };
  }
}
