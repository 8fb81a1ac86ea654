import { Inject, UseInterceptors } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { LicenseInterceptor, LicenseService, RequireEnterprise, RequireFeature } from '@latchkey/license';

interface Answer {
  readonly event: 'answer';
  readonly data: string;
}
const answer = (data: string): Answer => ({ event: 'answer', data });

/** The operations as messages. */
@WebSocketGateway()
export class Gateway {
  constructor(@Inject(LicenseService) private readonly license: LicenseService) {}

  @SubscribeMessage('open')
  open(): Answer {
    return answer('open');
  }

  @SubscribeMessage('enterprise')
  @RequireEnterprise()
  enterprise(): Answer {
    return answer('enterprise');
  }

  @SubscribeMessage('workflow')
  @RequireFeature('workflow')
  workflow(): Answer {
    return answer('workflow');
  }

  @SubscribeMessage('apps')
  @UseInterceptors(LicenseInterceptor)
  apps(): Answer {
    this.license.assertWithinLimit('apps', 3);
    return answer('apps');
  }
}
