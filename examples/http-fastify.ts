// A licensed HTTP service on Fastify, which authenticates first. Run it: see README.md.
import { LicenseModule, RequireEnterprise } from '@latchkey/license';
import {
  Controller,
  Get,
  Injectable,
  Module,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Global guards run before the license guard: a stranger learns nothing about the license. */
@Injectable()
class AuthenticateGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
    if (headers['authorization'] !== 'Bearer let-me-in') throw new UnauthorizedException();
    return true;
  }
}

@Controller('audit')
@RequireEnterprise()
class AuditController {
  @Get()
  entries(): string[] {
    return ['user 7 signed in'];
  }
}

@Module({
  imports: [LicenseModule.forRoot({ product: 'agent-os' })],
  controllers: [AuditController],
  providers: [{ provide: APP_GUARD, useClass: AuthenticateGuard }],
})
class AppModule {}

const app = await NestFactory.create(AppModule, new FastifyAdapter());
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
