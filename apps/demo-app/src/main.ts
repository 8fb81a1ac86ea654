import { ConsoleLogger, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { AppModule } from './app.module.js';
import { config } from './config.js';

const { serviceName, host, port, logging } = config;
const logger = new ConsoleLogger(logging);

const app = await NestFactory.create(AppModule, { logger });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }));
app.enableShutdownHooks([], { useProcessExit: true });
await app.listen(port, host);
logger.log(`${serviceName} listens on ${await app.getUrl()}`, 'Main');
