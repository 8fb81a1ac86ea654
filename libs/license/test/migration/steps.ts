import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { DynamicModule, ModuleMetadata, Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { LicenseModule } from '@latchkey/license';

import * as advisory from './advisory-decorator.js';
import { EitherLicenseGuard } from './either.guard.js';
import { HandMadeGuard, Licensed } from './hand-made.js';
import * as after from './licensed.js';
import * as perRoute from './per-route-decorator.js';
import { features, plans } from './plans.js';
import { handlersWith } from './reports.controller.js';
import { vendorKeys } from './vendor-keys.js';

const beside = (): DynamicModule =>
  LicenseModule.forRoot({
    product: 'crm',
    trustedKeys: vendorKeys,
    editions: plans, // your plans, lowest first
    refusal: { status: 403 }, // as before; the default is 402
  });

const counting = (): DynamicModule =>
  LicenseModule.forRoot({
    product: 'crm',
    trustedKeys: vendorKeys,
    editions: plans,
    features, // everything you sell: a gate on another name keeps the app from starting
    advisory: features, // all of them only count
    refusal: { status: 403 },
  });

const enforcing = (): DynamicModule =>
  LicenseModule.forRoot({
    product: 'crm',
    trustedKeys: vendorKeys,
    editions: plans,
    features,
    refusal: { status: 403 },
  });

const graphql = (): DynamicModule =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    fieldResolverEnhancers: ['guards'],
  });

interface Handlers {
  readonly controllers: Type[];
  readonly providers: Type[];
}

function appOf(
  licensing: DynamicModule[],
  { controllers, providers }: Handlers,
  guard?: Type,
): ModuleMetadata {
  const guards = guard === undefined ? [] : [{ provide: APP_GUARD, useClass: guard }];
  return { imports: [graphql(), ...licensing], controllers, providers: [...providers, ...guards] };
}

/** The app as it is after each step of the guide. */
export const steps = {
  'with the hand-made guard': () => appOf([], handlersWith(Licensed), HandMadeGuard),
  'beside it': () => appOf([beside()], handlersWith(Licensed), HandMadeGuard),
  counting: () => appOf([counting()], handlersWith(advisory.Licensed), HandMadeGuard),
  'counting per route': () => appOf([counting()], handlersWith(perRoute.Licensed)),
  'with either license': () => appOf([counting()], handlersWith(advisory.Licensed), EitherLicenseGuard),
  afterwards: () => appOf([enforcing()], handlersWith(after.Licensed)),
} as const satisfies Record<string, () => ModuleMetadata>;
