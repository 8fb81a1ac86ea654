import { Inject, UseInterceptors } from '@nestjs/common';
import { Field, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  CommunityAllowed,
  LicenseInterceptor,
  LicenseService,
  RequireEnterprise,
  RequireFeature,
} from '@latchkey/license';

@ObjectType()
export class Report {
  @Field()
  title: string = '';
}

/** The operations as queries. */
@Resolver()
export class Operations {
  constructor(@Inject(LicenseService) private readonly license: LicenseService) {}

  @Query(() => String)
  open(): string {
    return 'open';
  }

  @Query(() => String)
  @RequireEnterprise()
  enterprise(): string {
    return 'enterprise';
  }

  @Query(() => String)
  @RequireFeature('workflow')
  workflow(): string {
    return 'workflow';
  }

  @Query(() => String)
  @UseInterceptors(LicenseInterceptor)
  apps(): string {
    this.license.assertWithinLimit('apps', 3);
    return 'apps';
  }
}

/** An open query whose object has a gated field. */
@Resolver(() => Report)
export class Reports {
  @Query(() => Report)
  report(): Report {
    return { title: 'Costs' };
  }

  @ResolveField(() => String, { nullable: true })
  @RequireEnterprise()
  forecast(@Parent() { title }: Report): string {
    return `${title} will rise`;
  }
}

/** A gated class: the requirement is of its queries and of its fields. */
@Resolver(() => Report)
@RequireEnterprise()
export class GatedReports {
  @Query(() => Report)
  @CommunityAllowed()
  openReport(): Report {
    return { title: 'Costs' };
  }

  @ResolveField(() => String, { nullable: true })
  history(): string {
    return 'rose';
  }
}
