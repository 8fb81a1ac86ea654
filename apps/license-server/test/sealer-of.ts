import type { LoggerService } from '@nestjs/common';

import type { Clock } from '@latchkey/license/protocol';

import type { ServerConfig } from '../src/config/server-config.js';
import { EncryptionKeysFile } from '../src/license/encryption-keys-file.js';
import { RevocationList } from '../src/license/revocation-list.js';
import { Sealer } from '../src/license/sealer.js';

const silent: LoggerService = { log: () => {}, warn: () => {}, error: () => {} };

type Inputs = Pick<ServerConfig, 'encryptionKeys' | 'trustedKeys' | 'revocationsPath' | 'serverId'>;

/** A sealer whose keys stay, and whose revocation list is read now and whenever the clock is turned. */
export function sealerOf(config: Inputs, clock: Clock): Sealer {
  const { encryptionKeys, trustedKeys, revocationsPath, serverId } = config;
  const keys = new EncryptionKeysFile(undefined, encryptionKeys, clock, silent);
  const revocations = new RevocationList(revocationsPath, trustedKeys, clock, silent);
  revocations.onModuleInit();
  return new Sealer(keys, revocations, serverId, clock);
}
