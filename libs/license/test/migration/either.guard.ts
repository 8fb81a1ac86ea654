import {
  ForbiddenException,
  Injectable,
  Logger,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { LicenseService } from '@latchkey/license';

import { isPlan, plans, type OldLicense } from './plans.js';

@Injectable()
export class EitherLicenseGuard implements CanActivate {
  private readonly logger = new Logger(EitherLicenseGuard.name);
  private readonly said = new Set<string>();

  constructor(
    private readonly reflector: Reflector,
    private readonly license: LicenseService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const name = this.reflector.getAllAndOverride<string | undefined>('license', targets);
    if (name === undefined) return true;
    const { granted, message } = this.license.explain(isPlan(name) ? { edition: name } : name);
    if (granted) return true; // the new license is enough
    if (!(await this.oldLicenseGrants(name))) throw new ForbiddenException(`Not licensed: ${name}`);
    if (!this.said.has(name)) this.logger.warn(`Only the old license grants ${name}. ${message}`);
    this.said.add(name);
    return true;
  }

  private async oldLicenseGrants(name: string): Promise<boolean> {
    const response = await fetch(`${process.env['LICENSE_SERVER']}/license`);
    const license = (await response.json()) as OldLicense;
    return isPlan(name)
      ? plans.indexOf(license.plan) >= plans.indexOf(name)
      : license.features.includes(name);
  }
}
