import { NestFactory } from '@nestjs/core';

import { AppModule } from './app.module.js';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule);
  app.enableShutdownHooks([], { useProcessExit: true });
  await app.listen(Number(process.env['HTTP_PORT']), '127.0.0.1');
  console.log(`consumer listens on ${await app.getUrl()}`);
}

void bootstrap();
