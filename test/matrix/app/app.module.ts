import { readFileSync } from 'node:fs';

import { LicenseModule } from '@latchkey/license';
import { Module } from '@nestjs/common';

import { ReportsController } from './reports.controller.js';

@Module({
  imports: [
    LicenseModule.forRoot({
      product: 'agent-os',
      trustedKeys: readFileSync(process.env['VENDOR_KEYS_FILE'] ?? 'vendor.public.jwks.json', 'utf8'),
    }),
  ],
  controllers: [ReportsController],
})
export class AppModule {}
