import assert from 'node:assert/strict';
import type { Expectation, Row } from '../row.ts';

const fatal: Pick<Row, 'status' | 'then'> = { status: 'error', then: 'good' };

/** The second argument of a handler, as Function Compute's documentation shows it. */
const wholeContext: NonNullable<Expectation['check']> = (record, _, body) => {
  const context = JSON.parse(body.toString()) as Record<string, Record<string, unknown>>;
  assert.deepEqual(context['function'], {
    name: 'tells-context',
    handler: 'state.tells_context',
    memory: 512,
    timeout: 60,
    initializer: '',
    initializationTimeout: 0,
  });
  assert.equal(context['requestId'], record.id);
  assert.equal(context['service']!['qualifier'], 'LATEST');
  assert.deepEqual(Object.keys(context['credentials']!), ['accessKeyId', 'accessKeySecret', 'securityToken']);
};

/** What only PHP functions do. */
export const php: Row[] = (
  [
    {
      name: 'answers-value closure',
      export: 'answers-value',
      module: 'answers',
      event: { value: 'closure' },
      body: '{}',
    },
    {
      name: 'answers-value resource',
      export: 'answers-value',
      module: 'answers',
      event: { value: 'resource' },
      status: 'error',
      error: /^UnexpectedValueException: The result cannot be written as JSON: Type is not supported$/,
    },
    {
      name: 'answers-value badText',
      export: 'answers-value',
      module: 'answers',
      event: { value: 'badText' },
      status: 'error',
      error: /cannot be written as JSON: Malformed UTF-8 characters/,
    },
    { name: 'tells-context', module: 'state', check: wholeContext },
    {
      name: 'throws-with-cause',
      module: 'errors',
      status: 'error',
      error: /^RuntimeException: cannot share$/,
      at: 'throws-with-cause',
      check: ({ error }) =>
        assert.ok(
          error!.stack.some((line) => /^Previous: DivisionByZeroError: Division by zero in /.test(line)),
        ),
    },
    {
      name: 'fails-fatally',
      module: 'errors',
      ...fatal,
      error: /^FatalError: Class Broken contains 1 abstract method/,
      at: 'fails-fatally',
      body: /"errorType":"FatalError"/,
    },
    {
      // PHP's own limit, which the function has set itself: not the one of its instance.
      name: 'uses-all-memory',
      module: 'errors',
      ...fatal,
      error: /^FatalError: Allowed memory size of 8388608 bytes exhausted/,
      at: 'uses-all-memory',
    },
    {
      name: 'warns',
      module: 'errors',
      body: /^file_get_contents\(\/nowhere\/at\/all\): Failed to open stream/i,
      logs: [
        { stream: 'stderr', level: 'warn', text: /^PHP (Warning|Notice): {2}Undefined/, at: 'warning' },
        {
          stream: 'stderr',
          level: 'warn',
          text: /^PHP Deprecated: {2}do it differently in /,
          at: 'deprecated',
        },
      ],
    },
    {
      name: 'exits-with-text',
      module: 'endings',
      status: 'crashed',
      logs: [{ stream: 'stdout', level: 'info', text: 'the last word', at: 'exits-with-text' }],
    },
    {
      name: 'prints-buffered',
      module: 'output',
      body: 'done',
      logs: [{ stream: 'stdout', level: 'info', text: 'never flushed\n😀 in pieces of taken' }],
    },
    {
      name: 'removes-buffers',
      module: 'output',
      body: 'done',
      logs: [{ stream: 'stdout', level: 'info', text: 'still told' }],
    },
  ] satisfies Row[]
).map((row) => ({ ...row, trait: 'php' }) as const);
