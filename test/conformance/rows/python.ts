import type { Row } from '../row.ts';

/** What only Python functions do. */
export const python: Row[] = (
  [
    {
      name: 'answers-value decimal',
      export: 'answers-value',
      module: 'answers',
      event: { value: 'decimal' },
      on: { 'aws-lambda': { body: '{"price": 1.10}' }, 'aliyun-fc': { body: /"price": 1\.1\n/ } },
    },
    {
      name: 'answers-value set',
      export: 'answers-value',
      module: 'answers',
      event: { value: 'set' },
      status: 'error',
      on: {
        'aws-lambda': {
          error:
            /^Runtime\.MarshalError: Unable to marshal response: Object of type set is not JSON serializable$/,
        },
        'aliyun-fc': { error: /^TypeError: \{1\} is not JSON serializable$/ },
      },
    },
    {
      // Neither cloud awaits what a handler returns.
      name: 'answers-asynchronously',
      module: 'answers',
      status: 'error',
      then: 'nothing',
      on: {
        'aws-lambda': {
          error: /^Runtime\.MarshalError: .*Object of type coroutine is not JSON serializable/,
        },
        'aliyun-fc': { error: /^TypeError: <coroutine .*> is not JSON serializable/ },
      },
    },
    {
      name: 'throws-in-thread',
      module: 'errors',
      body: /answered/,
      logsInclude: [{ stream: 'stderr', level: 'error', text: 'ArithmeticError: in a thread' }],
    },
    {
      name: 'logs-by-own-handler',
      module: 'output',
      body: /done/,
      logsInclude: [
        { stream: 'stderr', level: 'warn', text: 'careful', at: 'own-handler' },
        {
          stream: 'stdout',
          level: 'error',
          text: /^failed\nTraceback .*\n[^]*KeyError: 'lost'$/,
          at: 'exception',
        },
      ],
      on: {
        openfaas: {
          logsInclude: [
            { stream: 'stderr', level: 'warn', text: 'careful', at: 'own-handler' },
            {
              stream: 'stderr',
              level: 'error',
              text: /^failed\nTraceback [^]*KeyError: 'lost'$/,
              at: 'exception',
            },
          ],
        },
      },
    },
    {
      name: 'exits-while-printing',
      module: 'output',
      status: 'crashed',
      logs: [
        { stream: 'stdout', level: 'info', text: 'a whole line' },
        { stream: 'stdout', level: 'info', text: 'a part of one' },
      ],
    },
    {
      name: 'in-package',
      module: 'package/inner/module',
      on: {
        'aws-lambda': { body: '"package.inner.module helps"' },
        openfaas: { body: 'function.package.inner.module helps' },
        'aliyun-fc': false,
      },
    },
    {
      name: 'in-dotted-package',
      export: 'in-package',
      module: 'package.inner.module',
      body: /package\.inner\.module helps/,
    },
  ] satisfies Row[]
).map((row) => ({ ...row, trait: 'python' }) as const);
