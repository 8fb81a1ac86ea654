// A licensed GraphQL service with Apollo. Run it: see README.md.
import { LicenseModule, RequireEnterprise, RequireFeature } from '@latchkey/license';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Field, GraphQLModule, Int, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';

@ObjectType()
class Report {
  @Field()
  title: string = '';
}

@Resolver(() => Report)
class ReportsResolver {
  @Query(() => Report)
  report(): Report {
    return { title: 'Costs' };
  }

  /** Nullable: where the license does not reach it is null, with an error beside the rest of the answer. */
  @ResolveField(() => Int, { nullable: true })
  @RequireEnterprise()
  forecast(): number {
    return 42;
  }

  @Query(() => [String])
  @RequireFeature('workflow')
  workflows(): string[] {
    return ['nightly-report'];
  }
}

@Module({
  imports: [
    LicenseModule.forRoot({ product: 'agent-os' }),
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      fieldResolverEnhancers: ['guards'], // without it Nest runs no guard for fields
      includeStacktraceInErrorResponses: false,
    }),
  ],
  providers: [ReportsResolver],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
