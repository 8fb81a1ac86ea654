import { EditionLadder } from '@latchkey/license/protocol';

import { LicenseBootstrap } from '../../libs/license/dist/nest/license.bootstrap.js';
import { resolveSettings } from '../../libs/license/dist/nest/license.settings.js';
import { MemoryLicenseStore } from '../../libs/license/dist/store/memory-license-store.js';

/**
 * A licensed instance as LicenseModule puts it together, without the application around it: thousands of these fit into
 * a process, and nothing of what an instance does for its license is left out.
 */
export class Instance {
  /**
   * @param {{ publicKeys: object, encryptionKeys: string }} deployment
   * @param {{ store?: object, source?: object, clock?: object, nats?: object, subjectPrefix?: string }} options
   */
  constructor(
    { publicKeys, encryptionKeys },
    { store = new MemoryLicenseStore(), source, clock, nats, subjectPrefix } = {},
  ) {
    const settings = resolveSettings({
      product: 'agent-os',
      trustedKeys: publicKeys,
      encryptionKeys,
      environment: {},
      ...(nats === undefined ? {} : { nats }),
      ...(subjectPrefix === undefined ? {} : { subjectPrefix }),
      adapters: {
        store,
        ...(source === undefined ? {} : { source }),
        ...(clock === undefined ? {} : { clock }),
      },
    });
    this.bootstrap = new LicenseBootstrap(settings);
    this.policy = {
      keys: settings.trustedKeys,
      editions: new EditionLadder(),
      product: 'agent-os',
      deploymentId: null,
    };
  }

  get state() {
    return this.bootstrap.state;
  }

  get status() {
    return this.bootstrap.status();
  }

  /** The serial of the license in force; null without one. */
  get serial() {
    return this.state.isActive() ? this.state.current.signed.license.serial : null;
  }

  start() {
    this.bootstrap.onModuleInit();
    this.bootstrap.onApplicationBootstrap();
  }

  stop() {
    return this.bootstrap.beforeApplicationShutdown();
  }
}
