import { Injectable } from '@nestjs/common';

import { Broker } from '../broker/broker.js';
import { Publisher } from '../broker/publisher.js';
import { RetainedCopy } from '../broker/retained-copy.js';
import { ServerConfig } from '../config/server-config.js';
import { dateOrNull, standingText } from '../license/describe-license.js';
import { LicenseWatch } from '../license/license-watch.js';
import { Sealer } from '../license/sealer.js';
import { version } from '../version.js';
import type { HealthCode, HealthReason, HealthReport } from './health-report.js';

const codeOfStanding = { 'not-yet-valid': 'NOT_YET_VALID', grace: 'GRACE', expired: 'EXPIRED' } as const;

/** Says how the server is, from what the others know. */
@Injectable()
export class HealthService {
  constructor(
    private readonly config: ServerConfig,
    private readonly license: LicenseWatch,
    private readonly broker: Broker,
    private readonly publisher: Publisher,
    private readonly retainedCopy: RetainedCopy,
    private readonly sealer: Sealer,
  ) {}

  report(): HealthReport {
    const reasons = this.#reasons();
    const { lastPublishedAtMs } = this.publisher;
    return {
      status: reasons.length === 0 ? 'ok' : 'degraded',
      reasons,
      license: this.#license(),
      revocations: this.#revocations(),
      nats: {
        connected: this.broker.trouble === null,
        lastPublishedAt: lastPublishedAtMs === null ? null : dateOrNull(lastPublishedAtMs),
      },
      server: {
        id: this.config.serverId,
        version,
        deploymentId: this.config.deploymentId ?? null,
        encryptionKeys: this.config.encryptionKeys.kids,
        trustedKeys: this.config.trustedKeys.kids,
      },
    };
  }

  #license(): HealthReport['license'] {
    const { current, standing } = this.license;
    if (current === null || standing === null) return null;
    const { id, serial, product, edition, softEndMs, hardEndMs } = current.license;
    return {
      id,
      serial,
      product,
      edition,
      expiresAt: dateOrNull(softEndMs),
      graceEndsAt: hardEndMs === softEndMs ? null : dateOrNull(hardEndMs),
      standing,
      kid: current.kid,
    };
  }

  #revocations(): HealthReport['revocations'] {
    const { revocation } = this.sealer;
    return revocation === null ? null : { serial: revocation.serial, revoked: revocation.revoked.size };
  }

  #reasons(): HealthReason[] {
    const { problem, standing, current } = this.license;
    const reasons: HealthReason[] = [];
    const add = (code: HealthCode, message: string): void => void reasons.push({ code, message });

    if (problem !== null) add(problem.code, problem.message);
    for (const { code, message } of this.sealer.problems) add(code, message);
    if (current !== null && this.sealer.hasRevoked(current.license)) {
      add('REVOKED', 'the license being served was revoked by the vendor: services refuse it');
    }
    if (standing !== null && standing !== 'active') {
      add(codeOfStanding[standing], `the license ${standingText[standing]}`);
    }
    const deployments = current?.license.deployments ?? null;
    const { deploymentId } = this.config;
    if (deployments !== null && deploymentId !== undefined && !deployments.includes(deploymentId)) {
      add(
        'DEPLOYMENT_MISMATCH',
        `the license is for other deployments than "${deploymentId}": services refuse it`,
      );
    }
    if (this.broker.trouble !== null) {
      add('NATS_DISCONNECTED', this.broker.trouble);
      return reasons;
    }
    if (this.broker.refusal !== null) {
      add('NATS_REFUSED', `${this.broker.refusal}: give the server the permissions of docs/nats.md`);
    }
    if (this.publisher.trouble !== null) {
      add('NOT_PUBLISHED', `the last broadcast did not reach the broker: ${this.publisher.trouble}`);
    }
    if (this.retainedCopy.trouble !== null) add('NOT_RETAINED', this.retainedCopy.trouble);
    return reasons;
  }
}
