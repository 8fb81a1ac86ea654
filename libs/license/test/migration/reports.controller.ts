import { Controller, Get, type Type } from '@nestjs/common';
import { CommunityAllowed } from '@latchkey/license';
import { Query, Resolver } from '@nestjs/graphql';

type OldDecorator = (name: string) => ClassDecorator & MethodDecorator;

/** The same handlers at every step: only what `@Licensed()` means changes. */
export function handlersWith(Licensed: OldDecorator): { controllers: Type[]; providers: Type[] } {
  @Controller('reports')
  class ReportsController {
    @Get()
    @Licensed('reports')
    list(): string[] {
      return ['sales'];
    }

    @Get('forecast')
    @Licensed('business')
    forecast(): string {
      return 'up';
    }
  }

  @Controller('exports')
  @Licensed('business')
  class ExportsController {
    @Get()
    all(): string {
      return 'everything';
    }

    @Get('one')
    @CommunityAllowed() // the old guard took the name on the method instead of that on the class
    @Licensed('export')
    one(): string {
      return 'one';
    }
  }

  @Resolver()
  class ReportsResolver {
    @Query(() => [String])
    @Licensed('reports')
    reports(): string[] {
      return ['sales'];
    }
  }
  return { controllers: [ReportsController, ExportsController], providers: [ReportsResolver] };
}
