import { Module } from '@nestjs/common';
import { LicenseModule } from '@latchkey/license';

import { AppsService } from './apps.service.js';
import { features } from './features.js';
import { FlowsController } from './flows.controller.js';
import { LicensePageController } from './license-page.controller.js';
import { NightlyFlows } from './nightly-flows.js';

@Module({
  imports: [
    LicenseModule.forRoot({
      product: 'agent-os',
      features, // a decorator that names another keeps the app from starting
      advisory: ['audit-log'], // its gates only count, for now
      community: { limits: { apps: 3 } },
    }),
  ],
  controllers: [FlowsController, LicensePageController],
  providers: [AppsService, NightlyFlows],
})
export class AppModule {}
