import { RequestMethod, type Type } from '@nestjs/common';

/** How calls reach a handler. */
export type HandlerTransport =
  /** A route of a controller. */
  | 'http'
  /** A query, mutation, subscription or field of a resolver. */
  | 'graphql'
  /** A message of a gateway. */
  | 'ws'
  /** A message or event of a microservice. */
  | 'rpc';

/** One way to call a method of a class. */
export interface Handler {
  readonly transport: HandlerTransport;
  /** HTTP method in capitals; `query`, `mutation`, `subscription`, `field`; `message`; `event`. */
  readonly kind: string;
  /** Route, field, or pattern, as the decorators spell it. */
  readonly pattern: string;
}

/** A method and the name under which its class has it. */
export interface NamedMethod {
  readonly name: string;
  readonly method: object;
}

// What Nest's decorators leave behind. Names, not imports: an app without GraphQL has no package to import them from.
const key = {
  path: 'path',
  httpMethod: 'method',
  rpcPattern: 'microservices:pattern',
  rpcKind: 'microservices:handler_type',
  gateway: 'websockets:is_gateway',
  subscribed: 'websockets:message_mapping',
  message: 'message',
  resolverType: 'graphql:resolver_type',
  resolverName: 'graphql:resolver_name',
  property: 'graphql:resolve_property',
  reference: 'graphql:resolve_reference',
} as const;
const eventHandler = 2; // PatternHandler.EVENT

const read = (name: keyof typeof key, target: object): unknown => Reflect.getMetadata(key[name], target);

/**
 * How a method of a controller is called, over HTTP and by messages; empty when nothing calls it.
 *
 * @param prefix path of the module (`RouterModule`) above that of the controller
 */
export function handlersOfController(
  type: Type,
  { method }: NamedMethod,
  prefix: string,
): readonly Handler[] {
  return [...routesOf(type, method, prefix), ...patternsOf(method)];
}

/** How a method of a provider is called, as that of a gateway or a resolver; empty when nothing calls it. */
export function handlersOfProvider(type: Type, named: NamedMethod): readonly Handler[] {
  return [...subscriptionsOf(type, named.method), ...fieldsOf(type, named)];
}

function routesOf(type: Type, method: object, prefix: string): readonly Handler[] {
  const paths = read('path', method);
  if (paths === undefined) return [];
  const kind = RequestMethod[Number(read('httpMethod', method))] ?? 'GET';
  return listOf(read('path', type)).flatMap((base) =>
    listOf(paths).map((path) => ({ transport: 'http', kind, pattern: joined(prefix, base, path) }) as const),
  );
}

function patternsOf(method: object): readonly Handler[] {
  const patterns = read('rpcPattern', method);
  if (patterns === undefined) return [];
  const kind = read('rpcKind', method) === eventHandler ? 'event' : 'message';
  return [patterns].flat().map((pattern) => ({ transport: 'rpc', kind, pattern: spelled(pattern) }) as const);
}

function subscriptionsOf(type: Type, method: object): readonly Handler[] {
  if (read('gateway', type) !== true || read('subscribed', method) !== true) return [];
  return [{ transport: 'ws', kind: 'message', pattern: spelled(read('message', method)) }];
}

function fieldsOf(type: Type, { name: ownName, method }: NamedMethod): readonly Handler[] {
  const root = read('resolverType', method);
  const name = read('resolverName', method) ?? ownName;
  if (typeof root === 'string') {
    return [{ transport: 'graphql', kind: root.toLowerCase(), pattern: spelled(name) }];
  }
  const isReference = read('reference', method) === true;
  if (!isReference && read('property', method) !== true) return [];
  const field = isReference ? '__resolveReference' : spelled(name);
  const parent = read('resolverType', type);
  return [
    {
      transport: 'graphql',
      kind: 'field',
      pattern: typeof parent === 'string' ? `${parent}.${field}` : field,
    },
  ];
}

function listOf(paths: unknown): readonly string[] {
  return [paths ?? ''].flat().map(String);
}

function joined(...parts: readonly string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;
}

function spelled(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
}
