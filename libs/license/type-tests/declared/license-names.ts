export {};

declare module '@latchkey/license' {
  interface LicensedFeatures {
    workflow: true;
    seats: number;
    tier: 'small' | 'large';
    'audit-log': true;
  }
  interface LicensedLimits {
    apps: number;
    users: number;
  }
  interface LicensedEditions {
    free: true;
    paid: true;
  }
}
