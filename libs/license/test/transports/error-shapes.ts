import type { RefusalBody } from '@latchkey/license';

/** What every application of these tests offers: a handler of this name each. */
export type Operation = 'open' | 'enterprise' | 'workflow' | 'apps';

/** How a client sees an answer, and how a refusal. The body is the same everywhere. */
export interface ErrorShape {
  answered(operation: Operation): unknown;
  refused(body: RefusalBody, operation: Operation): unknown;
}

/** The transport × error-shape table. */
export const errorShapes = {
  http: {
    answered: (operation) => ({ status: 200, retryAfter: null, body: operation }),
    refused: (body) => ({
      status: body.statusCode,
      retryAfter: body.code === 'LICENSE_PENDING' ? '2' : null,
      body,
    }),
  },
  graphql: {
    answered: (operation) => ({ status: 200, body: { data: { [operation]: operation } } }),
    refused: (body, operation) => ({
      status: 200,
      body: {
        data: null,
        errors: [
          {
            message: body.message,
            locations: [{ line: 1, column: 3 }],
            path: [operation],
            extensions: body,
          },
        ],
      },
    }),
  },
  socketIo: {
    answered: (operation) => ['answer', operation],
    refused: (body) => ['exception', body],
  },
  ws: {
    answered: (operation) => ({ event: 'answer', data: operation }),
    refused: (body) => ({ event: 'exception', data: body }),
  },
  rpc: {
    answered: (operation) => ({ response: operation }),
    refused: (body) => ({ error: body }),
  },
} as const satisfies Record<string, ErrorShape>;
