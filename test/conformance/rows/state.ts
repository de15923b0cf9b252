import assert from 'node:assert/strict';
import type { Expectation, Row } from '../row.ts';
import { shellVariable } from '../tested.ts';

const secret = 's3cret-value';

const ownEnvironment: NonNullable<Expectation['check']> = (record, tested, body) => {
  const { names, greeting } = JSON.parse(body.toString()) as { names: string[]; greeting: string };
  assert.equal(greeting, 'hi');
  const own = {
    'aws-lambda': 'AWS_LAMBDA_FUNCTION_NAME',
    'aliyun-fc': 'FC_FUNCTION_NAME',
    knative: 'K_SERVICE',
    openfaas: 'exec_timeout',
  }[tested.platform]!;
  assert.ok(names.includes(own));
  // Not the shell's.
  assert.ok(!names.includes(shellVariable));
  assert.deepEqual(
    record.logs.filter((entry) => entry.stream === 'stdout').map((entry) => entry.text),
    ['token is ••••••'],
  );
  assert.ok(!JSON.stringify(record).includes(secret));
};

const outOfMemory: Pick<Row, 'status' | 'on' | 'needs'> = {
  status: 'oom',
  on: {
    'aws-lambda': {
      error: /^Runtime\.ExitError: RequestId: \S+ Error: Runtime exited with error: signal: killed$/,
    },
    knative: { error: /^OOMKilled: The container used more than its \d+ MB of memory and was killed\.$/ },
    openfaas: { error: /^OOMKilled: The function used more than its \d+ MB of memory and was killed\.$/ },
    'aliyun-fc': {
      error:
        /^FunctionOOMError: Process exited unexpectedly before completing request \(duration: \d+ms, maxMemoryUsage: \d+MB\)$/,
    },
  },
};

/** What functions have around them, and leave there. */
export const state: Row[] = [
  {
    name: 'knows-its-id',
    module: 'state',
    everyForm: true,
    check: (record, _, body) => assert.equal(body.toString().replaceAll('"', ''), record.id),
  },
  {
    name: 'reads-environment',
    module: 'state',
    settings: { env: { GREETING: 'hi', API_TOKEN: secret } },
    check: ownEnvironment,
  },
  { name: 'changes-world', module: 'state', body: /"env":null,"global":null,"array":true/ },
  { name: 'writes-temp', module: 'state', body: /"text":"kept"/ },
  {
    name: 'writes-temp, its own',
    export: 'writes-temp',
    module: 'state',
    check: (record, _, body) => {
      const { folder } = JSON.parse(body.toString()) as { folder: string };
      assert.match(folder, new RegExp(`${record.function}-\\d+$`));
    },
  },
  {
    name: 'peaks',
    module: 'state',
    event: { megabytes: 150 },
    body: String(150 * 1024 * 1024),
    check: ({ maxMemoryMB }) => assert.ok(maxMemoryMB >= 150 && maxMemoryMB < 512, `${maxMemoryMB} MB`),
  },
  { name: 'allocates-buffers', module: 'state', settings: { memory: '192MB' }, ...outOfMemory },
  { name: 'allocates-heap', module: 'state', settings: { memory: '192MB' }, ...outOfMemory },
];
