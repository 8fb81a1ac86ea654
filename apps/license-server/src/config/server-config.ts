import { resolve } from 'node:path';

import {
  parseEncryptionKeys,
  subjectsFor,
  TrustedKeyRing,
  type EncryptionKeyRing,
  type NatsTransportOptions,
  type Subjects,
} from '@latchkey/license/protocol';

import type { LicenseSource } from '../license/license-file.js';
import { publishInterval, type ServerVariables } from './server-variables.js';

/** The configuration of the license-server, checked and ready to use. Holds keys: never log it. */
export class ServerConfig {
  /** Seals what is sent. */
  readonly encryptionKeys: EncryptionKeyRing;
  /** The file they came from, to be watched; undefined when they came from elsewhere. */
  readonly encryptionKeysFile: string | undefined;
  /** Whose licenses are served. */
  readonly trustedKeys: TrustedKeyRing;
  readonly source: LicenseSource;
  /** The file of the vendor's revocation list; undefined when there is none. */
  readonly revocationsPath: string | undefined;
  /** The one product served; undefined: any product of a trusted key. */
  readonly product: string | undefined;
  /** This deployment's id, if it is known. */
  readonly deploymentId: string | undefined;
  readonly publishIntervalMs: number;
  readonly serverId: string;
  readonly subjects: Subjects;
  readonly httpHost: string;
  readonly httpPort: number;
  readonly logLevel: ServerVariables['LOG_LEVEL'];
  readonly logFormat: ServerVariables['LOG_FORMAT'];

  /**
   * @param variables validated
   * @param nats how to reach the broker
   * @param warnings what the operator should know about the files that were read
   */
  constructor(
    variables: ServerVariables,
    readonly nats: NatsTransportOptions,
    readonly warnings: readonly string[],
  ) {
    this.encryptionKeys = parseEncryptionKeys(variables.LICENSE_ENCRYPTION_KEYS);
    this.encryptionKeysFile = variables.LICENSE_ENCRYPTION_KEYS_FILE;
    this.trustedKeys = TrustedKeyRing.from(variables.LICENSE_PUBLIC_KEYS);
    this.source =
      variables.LICENSE === undefined
        ? { path: resolve(variables.LICENSE_PATH ?? 'license.lic') }
        : { text: variables.LICENSE };
    const { LICENSE_REVOCATIONS_PATH: revocations } = variables;
    this.revocationsPath = revocations === undefined ? undefined : resolve(revocations);
    this.product = variables.LICENSE_PRODUCT;
    this.deploymentId = variables.LICENSE_DEPLOYMENT_ID;
    this.publishIntervalMs = publishInterval(variables.LICENSE_PUBLISH_INTERVAL);
    this.serverId = variables.LICENSE_SERVER_ID;
    this.subjects = subjectsFor(variables.LICENSE_SUBJECT_PREFIX);
    this.httpHost = variables.HTTP_HOST;
    this.httpPort = Number(variables.HTTP_PORT);
    this.logLevel = variables.LOG_LEVEL;
    this.logFormat = variables.LOG_FORMAT;
  }
}
