// A licensed HTTP service on Express. Run it: see README.md.
import {
  CommunityAllowed,
  LicenseModule,
  LicenseService,
  RequireEnterprise,
  RequireFeature,
} from '@latchkey/license';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Controller()
class WorkflowsController {
  #apps = 0;

  constructor(private readonly license: LicenseService) {}

  /** Open to everyone. */
  @Get()
  about(): { edition: string } {
    return { edition: this.license.edition };
  }

  @Get('workflows')
  @RequireFeature('workflow')
  workflows(): string[] {
    return ['nightly-report'];
  }

  /** How many there may be is up to the license; the community edition has a limit of its own. */
  @Post('apps')
  create(): { apps: number } {
    this.license.assertWithinLimit('apps', this.#apps + 1);
    this.#apps += 1;
    return { apps: this.#apps };
  }
}

@Controller('audit')
@RequireEnterprise()
class AuditController {
  @Get()
  entries(): string[] {
    return ['user 7 signed in'];
  }

  @Get('retention')
  @CommunityAllowed() // one method of a gated class that everyone may call
  retention(): { days: number } {
    return { days: 30 };
  }
}

@Module({
  imports: [LicenseModule.forRoot({ product: 'agent-os', community: { limits: { apps: 2 } } })],
  controllers: [WorkflowsController, AuditController],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
