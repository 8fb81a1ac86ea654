import { LicenseModule } from '@latchkey/license';
import { Module } from '@nestjs/common';

import { AppsController } from './apps.controller.js';
import { DemoController } from './demo.controller.js';
import { vendorKeys } from './vendor-keys.js';

@Module({
  imports: [
    LicenseModule.forRoot({
      product: 'agent-os',
      trustedKeys: vendorKeys,
      community: { limits: { apps: 10, users: 5 } },
    }),
  ],
  controllers: [DemoController, AppsController],
})
export class AppModule {}
