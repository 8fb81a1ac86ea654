import { Module } from '@nestjs/common';
import { LicenseModule } from '@latchkey/license';

import { ReportsController } from './reports.controller.js';
import { vendorKeys } from './vendor-keys.js';

@Module({
  imports: [
    LicenseModule.forRoot({
      product: 'crm',
      trustedKeys: vendorKeys, // the vendor's public keys, pinned in code
      community: { limits: { reports: 1 } }, // what holds without a license
    }),
  ],
  controllers: [ReportsController],
})
export class AppModule {}
