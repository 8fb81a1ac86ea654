import type { DynamicModule } from '@nestjs/common';

import { LicenseModule } from '../nest/license.module.js';
import type { LicenseModuleOptions } from '../nest/license.options.js';
import type { LicenseClaims } from '../protocol/claims.js';
import type { LicenseControl } from './license-control.js';
import * as starts from './license-start.js';
import { ManualClock } from './manual-clock.js';
import { warnInProduction } from './production-warning.js';
import { TestDeployment } from './test-deployment.js';

/**
 * What a spec may set: what the app decides (product, editions, community limits, refusals) and the clock. Keys,
 * network, files and environment are those of the test.
 */
export type LicenseTestingOptions = Omit<
  LicenseModuleOptions,
  | 'trustedKeys'
  | 'allowEnvTrust'
  | 'encryptionKeys'
  | 'license'
  | 'keyPath'
  | 'keyDirectory'
  | 'nats'
  | 'subjectPrefix'
  | 'environment'
  | 'adapters'
> & {
  /** The app's time, as far as licensing goes. Default: one that stands still at the present second. */
  readonly clock?: ManualClock;
};

type Opener = (app: LicenseModuleOptions) => Promise<TestDeployment>;

/** How to move an app into the deployment of a module made here. */
const movers = new WeakMap<object, (app: LicenseModuleOptions) => Promise<LicenseModuleOptions>>();

/**
 * Stands in for `LicenseModule` in specs: the real module, service and guard, with a real license, signed by a real
 * key that is made when the test runs (RSA 2048, once per process, or per file in Jest: 50 to 350 ms). Key file and
 * license-servers are in memory: no network, no file, no environment, and every app has its own.
 *
 * Import it beside the controllers under test, or give it to {@link overrideLicense} for a whole app. Licensing
 * starts with the app: `await module.init()` before anything is asked.
 */
export class LicenseTestingModule {
  /**
   * A license in force from the start.
   *
   * @param license claims to set, as for {@link TestIssuer.claims}; default an enterprise license for a year without
   *   features or limits (of the highest edition, where the app has none of that name)
   */
  static licensed(license: Partial<LicenseClaims> = {}, options: LicenseTestingOptions = {}): DynamicModule {
    return startingWith(starts.licensed(license), options);
  }

  /** No license: the community edition, with the reason `absent`. */
  static community(options: LicenseTestingOptions = {}): DynamicModule {
    return startingWith(starts.community, options);
  }

  /** A license that ended yesterday: the community edition, with the reason `expired`. */
  static expired(license: Partial<LicenseClaims> = {}, options: LicenseTestingOptions = {}): DynamicModule {
    return startingWith(starts.expired(license), options);
  }

  /** A license that ended yesterday, in force for another 13 days of its grace period. */
  static grace(license: Partial<LicenseClaims> = {}, options: LicenseTestingOptions = {}): DynamicModule {
    return startingWith(starts.grace(license), options);
  }

  /** A license that its vendor took back: the community edition, with the reason `revoked`. */
  static revoked(license: Partial<LicenseClaims> = {}, options: LicenseTestingOptions = {}): DynamicModule {
    return startingWith(starts.revoked(license), options);
  }

  /** No license yet: gated handlers answer 503 until one is issued, or `bootstrapTimeoutMs` (10 s) have passed. */
  static pending(options: LicenseTestingOptions = {}): DynamicModule {
    return startingWith(starts.pending, options);
  }

  /** The next start of an app that was closed: with the key file, license-servers and clock it left. */
  static restart(control: LicenseControl, options: LicenseTestingOptions = {}): DynamicModule {
    return openedBy(() => Promise.resolve(control.deployment), options);
  }
}

/** @internal the settings of `app`, in the deployment of `module` */
export function moverOf(
  module: object,
): ((app: LicenseModuleOptions) => Promise<LicenseModuleOptions>) | undefined {
  return movers.get(module);
}

function startingWith(
  starter: starts.LicenseStarter,
  { clock, ...options }: LicenseTestingOptions,
): DynamicModule {
  return openedBy((app) => TestDeployment.create(starter, app, clock ?? clockOfNow()), options);
}

function openedBy(open: Opener, options: LicenseModuleOptions): DynamicModule {
  warnInProduction();
  const move = async (app: LicenseModuleOptions): Promise<LicenseModuleOptions> => {
    const merged = { ...app, ...options };
    return (await open(merged)).optionsFor(merged);
  };
  const module = LicenseModule.forRootAsync({ useFactory: () => move({}) });
  movers.set(module, move);
  return module;
}

/** Claims count in seconds; so does a clock that is compared with them. */
function clockOfNow(): ManualClock {
  return new ManualClock(Math.floor(Date.now() / 1000) * 1000);
}
