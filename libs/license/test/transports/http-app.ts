import { Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { INestApplication } from '@nestjs/common';

import type { LicenseByHand } from './license-by-hand.js';

const platforms = { Express: () => new ExpressAdapter(), Fastify: () => new FastifyAdapter() };

/** An HTTP platform of Nest. */
export type Platform = keyof typeof platforms;

/** @param parts of the root module, which imports the license */
export function rootModule(license: LicenseByHand, parts: ModuleMetadata): new () => object {
  @Module({ ...parts, imports: [license.module(), ...(parts.imports ?? [])] })
  class Root {}
  return Root;
}

/** An application that is not listening yet. */
export function httpApp(
  license: LicenseByHand,
  parts: ModuleMetadata,
  platform: Platform = 'Express',
): Promise<INestApplication> {
  return NestFactory.create(rootModule(license, parts), platforms[platform](), { logger: false });
}

/** Lets it listen on a port of its own. */
export async function urlOf(app: INestApplication): Promise<string> {
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

/** What an HTTP client sees of an answer: JSON where it says that it is. */
export async function seen(
  response: Response,
): Promise<{ status: number; retryAfter: string | null; body: unknown }> {
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const body: unknown = isJson ? await response.json() : await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
}
