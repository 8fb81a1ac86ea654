import type { ArgumentsHost } from '@nestjs/common';

import type { LicenseRequiredException } from './license.exception.js';

/** Ends a call with what its transport passes on to the caller; `cause` is the refusal itself. */
type Refuse = (refusal: LicenseRequiredException, host: ArgumentsHost) => Promise<never>;

/**
 * How each transport is told: it passes on the body only from an exception of its own kind. The packages of a transport
 * are loaded here, at its first refusal: they are there by then, and who does not use them need not install them.
 */
const refuseBy: ReadonlyMap<string, Refuse> = new Map<string, Refuse>([
  [
    'http',
    (refusal, host) => {
      setRetryAfter(refusal, host);
      throw refusal;
    },
  ],
  [
    'graphql',
    (refusal) => {
      throw new GraphqlRefusal(refusal);
    },
  ],
  [
    'ws',
    async (refusal) => {
      const { WsException } = await import('@nestjs/websockets');
      throw Object.assign(new WsException({ ...refusal.body }), { cause: refusal });
    },
  ],
  [
    'rpc',
    async (refusal) => {
      const { RpcException } = await import('@nestjs/microservices');
      throw Object.assign(new RpcException({ ...refusal.body }), { cause: refusal });
    },
  ],
]);

/** Is there a proper way to refuse a handler of this type (`http`, `graphql`, `ws`, `rpc`)? */
export function canRefuse(contextType: string): boolean {
  return refuseBy.has(contextType);
}

/** Ends a call with the refusal, in the shape in which its transport gives the body to the caller. */
export function refuseThrough(host: ArgumentsHost, refusal: LicenseRequiredException): Promise<never> {
  const refuse = refuseBy.get(host.getType<string>());
  if (refuse === undefined) throw refusal; // a handler's own refusal, where no shape is known
  return refuse(refusal, host);
}

/**
 * GraphQL copies `extensions` of whatever a resolver throws. It is no HttpException, because Nest's Apollo driver
 * replaces the code of those with INTERNAL_SERVER_ERROR.
 */
class GraphqlRefusal extends Error {
  override readonly name = 'GraphqlRefusal';
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(refusal: LicenseRequiredException) {
    super(refusal.body.message, { cause: refusal });
    this.extensions = { ...refusal.body };
  }
}

/** Express and Fastify both have `header`; what calls itself http without a response, as some schedulers do, has not. */
function setRetryAfter({ retryAfterSeconds }: LicenseRequiredException, host: ArgumentsHost): void {
  if (retryAfterSeconds === null) return;
  const response = host
    .switchToHttp()
    .getResponse<{ header?(name: string, value: string): unknown } | undefined>();
  response?.header?.('Retry-After', String(retryAfterSeconds));
}
