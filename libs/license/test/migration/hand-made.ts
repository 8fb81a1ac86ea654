import {
  ForbiddenException,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { isPlan, plans, type OldLicense } from './plans.js';

export const Licensed = (name: string) => SetMetadata('license', name);

@Injectable()
export class HandMadeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const name = this.reflector.getAllAndOverride<string | undefined>('license', targets);
    if (name === undefined) return true;
    const response = await fetch(`${process.env['LICENSE_SERVER']}/license`);
    const license = (await response.json()) as OldLicense;
    context.switchToHttp().getRequest<{ license: OldLicense }>().license = license;
    const granted = isPlan(name)
      ? plans.indexOf(license.plan) >= plans.indexOf(name)
      : license.features.includes(name);
    if (!granted) throw new ForbiddenException(`Not licensed: ${name}`);
    return true;
  }
}
