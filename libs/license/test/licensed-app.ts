import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  Controller,
  Get,
  Module,
  type INestApplication,
  type LoggerService,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common';
import {
  LicenseModule,
  LicenseService,
  RequireEdition,
  RequireEnterprise,
  RequireFeature,
  type LicenseModuleOptions,
} from '@latchkey/license';
import { Test } from '@nestjs/testing';

@Controller()
class Routes {
  @Get('open')
  open(): string {
    return 'open';
  }

  @Get('enterprise')
  @RequireEnterprise()
  enterprise(): string {
    return 'enterprise';
  }

  @Get('workflow')
  @RequireFeature('workflow')
  workflow(): string {
    return 'workflow';
  }
}

@Controller('classes')
@RequireEdition('professional')
class GatedClass {
  @Get('plain')
  plain(): string {
    return 'plain';
  }

  @Get('both')
  @RequireFeature('workflow', 'audit-log')
  both(): string {
    return 'both';
  }
}

/** A small licensed application over real HTTP. */
export class LicensedApp {
  private constructor(
    readonly app: INestApplication,
    readonly url: string,
  ) {}

  /** @param more other controllers than the ones above; other modules; a logger, which is silent otherwise */
  static async start(
    options: LicenseModuleOptions,
    more: {
      readonly controllers?: Type[];
      readonly imports?: ModuleMetadata['imports'];
      readonly logger?: LoggerService;
    } = {},
  ): Promise<LicensedApp> {
    const { controllers = [Routes, GatedClass], imports = [], logger = false } = more;
    @Module({ imports: [LicenseModule.forRoot(options), ...imports], controllers })
    class Root {}
    const testing = await Test.createTestingModule({ imports: [Root] }).compile();
    const app = testing.createNestApplication();
    app.useLogger(logger);
    await app.listen(0, '127.0.0.1');
    return new LicensedApp(app, await app.getUrl());
  }

  get license(): LicenseService {
    return this.app.get(LicenseService);
  }

  async get(path: string): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
    const response = await fetch(`${this.url}/${path}`);
    const text = await response.text();
    const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, body, headers: response.headers };
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}

/** A new path for a key file, in a folder of its own. */
export function newKeyPath(): string {
  return join(mkdtempSync(join(tmpdir(), 'latchkey-')), 'keys', 'license.key');
}
