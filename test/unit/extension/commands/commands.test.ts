import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import type { DeployPlan, DeployResult, DeployedFunction } from '../../../../runtime/model/deploy.ts';
import { commandServices } from '../../../support/commandServices.ts';
import { functionState, summaryOf, type FakeHost } from '../../../support/fakeHosts.ts';
import { profileOf } from '../../../support/profiles.ts';
import { MockDocument } from '../../../support/vscodeMock.ts';
import { bodyOf, recordOf, remoteOf } from '../../../support/records.ts';

const named = (host: FakeHost, method: string) =>
  host.calls.filter(([name]) => name === method).map(([, ...args]) => args);

async function setUp(t: { after(run: () => void): void }, names = ['hello', 'other']) {
  const set = commandServices(t);
  set.launcher.prepare = (host) => {
    host.functions = names.map((name) => functionState(name));
    host.answers.invoke = ({ function: name }: { function: string }) => recordOf('new', { function: name });
    host.answers.setProcessModel = (name: string, model: 'ephemeral') =>
      functionState(name, { process: { ...functionState(name).process, model } });
  };
  await set.hosts.startAll();
  return { ...set, host: set.launcher.launched[0]! };
}

test('invokes the function of a row, a lens or the palette', async (t) => {
  const { run, host, dialogs } = await setUp(t);
  await run('invoke', { argument: { function: 'other', folder: '/p' } });
  await run('invoke', { function: 'hello' });
  dialogs.picks = ['other'];
  await run('invoke');
  await run('invoke');
  const invoked = named(host, 'invoke').map(([params]) => params as { function: string; event: object });
  assert.deepEqual(
    invoked.map((params) => params.function),
    ['other', 'hello', 'other'],
  );
  assert.deepEqual(invoked[0]?.event, { encoding: 'utf8', data: '{}' });
  assert.match(dialogs.shown[0] ?? '', /^remark: \$\(pass\) other: ok · warm · 1\.7 ms/);
});

test('a key invokes the function of the file that is edited, and asks where the file has none', async (t) => {
  const set = commandServices(t);
  set.launcher.prepare = (host) => {
    host.functions = [
      functionState('hello', { entryFile: '/p/hello.js' }),
      functionState('other', { entryFile: '/p/other.js' }),
      // Not built yet.
      functionState('new', { handler: 'src/new.handler', codeRoot: '/p' }),
    ];
    host.answers.invoke = ({ function: name }: { function: string }) => recordOf('new', { function: name });
  };
  await set.hosts.startAll();
  const invoked = () =>
    set.launcher.launched[0]!.calls.flatMap(([method, params]) =>
      method === 'invoke' ? [(params as { function: string }).function] : [],
    );
  set.mock.shown.push({ document: new MockDocument('/p/other.js', '') });
  await set.run('invokeInFile');
  assert.deepEqual(invoked(), ['other']);
  set.mock.shown.push({ document: new MockDocument('/p/readme.md', '') });
  set.dialogs.picks = ['hello'];
  await set.run('invokeInFile');
  assert.deepEqual(invoked(), ['other', 'hello']);
  set.mock.shown.push({ document: new MockDocument('/p/src/new.ts', '') });
  await set.run('invokeInFile');
  assert.deepEqual(invoked(), ['other', 'hello', 'new']);
});

test('an event that was chosen is used again the next time', async (t) => {
  const { run, host, dialogs } = await setUp(t);
  dialogs.picks = ['{}'];
  dialogs.inputs = ['{"name":"Ann"}'];
  await run('invokeWithEvent', { function: 'hello' });
  await run('invoke', { function: 'hello' });
  const events = named(host, 'invoke').map(([params]) => (params as { event: { data: string } }).event.data);
  assert.deepEqual(events, ['{"name":"Ann"}', '{"name":"Ann"}']);
});

test('a function with an HTTP trigger is called through the gateway', async (t) => {
  const { run, host, dialogs, hosts } = await setUp(t);
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    hosts.all[0]!.mirror.setInvocation(summaryOf(recordOf('h', { receivedAt: 1 })));
    response.statusCode = 201;
    response.end('done');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  hosts.all[0]!.mirror.setProject(
    [
      functionState('hello', {
        triggers: [{ kind: 'http', name: 'h', path: '/hello', methods: ['GET'], shape: 'http-api' }],
        urls: { invoke: `http://127.0.0.1:${port}/x`, http: [`http://127.0.0.1:${port}/hello`] },
      }),
    ],
    [],
  );
  await run('invoke', { function: 'hello' });
  assert.deepEqual(seen, ['GET /hello']);
  assert.deepEqual(named(host, 'invoke'), []);
  assert.match(dialogs.shown[0] ?? '', /^remark: \$\(pass\) hello: HTTP 201 · ok/);
});

test('switches the process model to the other one', async (t) => {
  const { run, host, dialogs } = await setUp(t);
  await run('switchProcessModel', { function: 'hello' });
  assert.deepEqual(named(host, 'setProcessModel'), [['hello', 'ephemeral']]);
  assert.match(dialogs.shown[0] ?? '', /hello: ephemeral: a new process for every call/);
});

test('an unknown function is refused by name', async (t) => {
  const { run } = await setUp(t);
  await assert.rejects(
    async () => run('invoke', { function: 'helo' }),
    /no function named "helo".*hello, other/,
  );
});

test('a result opens indented, a log line by line', async (t) => {
  const { run, host, opened } = await setUp(t);
  const record = recordOf('a', {
    result: bodyOf('{"a":[1]}'),
    receivedAt: new Date(2026, 0, 1, 8, 0, 0).getTime(),
    logs: [{ t: 2_000_000, level: 'warn', text: 'careful', stream: 'stderr' }],
  });
  host.records.set('a', record);
  await run('internal.openBody', { invocation: 'a', folder: '/p', body: 'result' });
  await run('internal.openBody', { invocation: 'a', folder: '/p', body: 'log' });
  assert.deepEqual(opened, [
    { name: 'hello result.json', text: '{\n  "a": [\n    1\n  ]\n}\n' },
    { name: 'hello log.log', text: '08:00:02 WARN  careful\n' },
  ]);
});

const plan: DeployPlan = {
  id: 'p1',
  target: 'local',
  targetType: 'local',
  createdAt: 0,
  functions: [
    {
      function: 'hello',
      change: 'change',
      fields: [
        { path: 'memoryMB', change: 'change', before: '128', after: '256' },
        { path: 'environment.KEY', change: 'create' },
        { path: 'handler', change: 'same' },
      ],
      package: {
        hash: 'abcdef0123456789abcdef',
        bytes: 2048,
        files: 2,
        unchanged: false,
        largest: [{ path: 'index.js', bytes: 2000 }],
      },
      findings: [{ severity: 'warning', code: 'X', message: 'Mind this.', file: '/p/s.yaml', line: 3 }],
    },
  ],
};

const planText = `# Deploy plan for local (local)

Nothing has been sent yet. Values of the environment are not shown.

## hello: change

- **Warning**: Mind this. (/p/s.yaml:3)

\`\`\`diff
- memoryMB: 128
+ memoryMB: 256
+ environment.KEY: (value hidden)
\`\`\`

1 setting stays as it is.

Package: 2.0 KB in 2 files, SHA-256 \`abcdef0123456789\`

- \`index.js\` 2.0 KB
`;

const result: DeployResult = {
  target: 'local',
  functions: [{ function: 'hello', version: '2', status: 'deployed', urls: [] }],
};

test('deploying shows the plan, asks, and says how it ended', async (t) => {
  const { run, host, dialogs, opened } = await setUp(t);
  host.answers.planDeploy = () => plan;
  host.answers.applyDeploy = () => result;
  await run('deploy', { function: 'hello' });
  assert.deepEqual(opened, [{ name: 'Deploy plan local.md', text: planText }]);
  assert.deepEqual(dialogs.shown, [
    'confirm: Deploy hello to local? hello: change (2.0 KB, 2 settings, 1 warning)',
    'info: Deployed to local: hello (2).',
  ]);
  assert.equal(named(host, 'applyDeploy')[0]?.[0], 'p1');
});

const version = { packageHash: 'abcdef0123', createdAt: 0, verified: true };
const deployed: DeployedFunction[] = [
  {
    function: 'hello',
    target: 'local',
    urls: [],
    versions: [
      { ...version, version: '2', current: true },
      { ...version, version: '1', current: false },
    ],
  },
];

test('the target is asked for once where a project has several, and may be chosen anew', async (t) => {
  const { run, host, dialogs, hosts } = await setUp(t);
  host.answers.listTargets = () => [
    { name: 'local', type: 'local', stated: true },
    { name: 'prod', type: 'aws-lambda', stated: true },
    { name: 'openfaas', type: 'openfaas', stated: false },
  ];
  host.answers.planDeploy = (target: string) => ({ ...plan, target });
  host.answers.applyDeploy = () => ({ ...result, target: 'prod' });
  host.answers.listDeployed = () => deployed;
  dialogs.picks = ['prod'];
  await run('deploy', { function: 'hello' });
  assert.equal(dialogs.shown[0], 'pick: local | prod');
  assert.match(dialogs.shown[1] ?? '', /^confirm: Deploy hello to prod\?/);
  assert.deepEqual(hosts.all[0]!.mirror.deployed('prod'), deployed);
  await run('deploy', { function: 'hello' });
  assert.deepEqual(
    named(host, 'planDeploy').map(([target]) => target),
    ['prod', 'prod'],
  );
  dialogs.shown.length = 0;
  dialogs.picks = ['local'];
  await run('deployTo', { function: 'hello' });
  assert.equal(dialogs.shown[0], 'pick: local | prod | openfaas');
  dialogs.shown.length = 0;
  host.answers.rollBack = () => result;
  await run('rollBack', { function: 'hello', target: 'prod', version: '1' });
  assert.deepEqual(named(host, 'rollBack')[0]?.slice(0, 3), ['prod', 'hello', '1']);
});

test('nothing is deployed without a yes, or with an error in the plan', async (t) => {
  const { run, host, dialogs } = await setUp(t);
  host.answers.planDeploy = () => plan;
  dialogs.confirms = false;
  await run('deploy', { function: 'hello' });
  host.answers.planDeploy = () => ({
    ...plan,
    functions: [
      { ...plan.functions[0]!, findings: [{ severity: 'error', code: 'Y', message: 'No handler.' }] },
    ],
  });
  dialogs.confirms = true;
  await assert.rejects(
    async () => run('deploy', { function: 'hello' }),
    /Nothing was deployed: hello: No handler\./,
  );
  assert.deepEqual(named(host, 'applyDeploy'), []);
});

test('rolls back to a chosen version', async (t) => {
  const { run, host, dialogs } = await setUp(t);
  host.answers.listDeployed = () => deployed;
  host.answers.rollBack = () => ({
    target: 'local',
    functions: [{ function: 'hello', version: '1', status: 'rolledBack', urls: [] }],
  });
  dialogs.picks = ['version 1'];
  await run('rollBack');
  assert.deepEqual(named(host, 'rollBack')[0]?.slice(0, 3), ['local', 'hello', '1']);
  assert.equal(dialogs.shown.at(-1), 'info: Rolled back on local: hello (1).');
});

test('what is deployed is removed after a yes to what goes, and called with a chosen event', async (t) => {
  const { run, host, hosts, dialogs, opened } = await setUp(t);
  host.answers.listDeployed = () => [{ ...deployed[0]!, target: 'prod', urls: ['https://x/hello'] }];
  host.answers.removeDeployed = () => ({
    target: 'prod',
    functions: [{ function: 'hello', version: '2', status: 'removed', urls: [] }],
  });
  const argument = { argument: { function: 'hello', target: 'prod', folder: '/p' } };
  dialogs.confirms = false;
  await run('removeDeployed', argument);
  assert.deepEqual(named(host, 'removeDeployed'), []);
  dialogs.confirms = true;
  await run('removeDeployed', argument);
  assert.deepEqual(named(host, 'removeDeployed'), [['prod', 'hello']]);
  assert.deepEqual(dialogs.shown.slice(-2), [
    'confirm: Remove hello from prod? Its versions go: 2, 1.\nNobody answers any more at:\nhttps://x/hello',
    'info: Removed from prod: hello (2).',
  ]);

  host.answers.invokeDeployed = () => ({
    ...{ target: 'prod', function: 'hello', version: '2', status: 'ok', startKind: 'cold' },
    ...{ durationMs: 120.4, result: '{"said":"```"}', invocation: remoteOf('r1', { called: true }) },
  });
  dialogs.picks = ['{}'];
  dialogs.inputs = ['{"a":1}'];
  await run('invokeDeployed', argument);
  assert.deepEqual(named(host, 'invokeDeployed')[0]?.slice(0, 3), [
    ...['prod', 'hello'],
    { encoding: 'utf8', data: '{"a":1}' },
  ]);
  assert.deepEqual(opened.at(-1), {
    name: 'hello prod.md',
    text: '# hello on prod\n\n- Version: 2\n- Status: ok\n- Start: cold\n- Duration: 120 ms\n\n````\n{\n  "said": "```"\n}\n````\n',
  });
  assert.deepEqual(
    hosts.all[0]!.remote.invocations.map(({ id }) => id),
    ['r1'],
  );
  host.answers.listDeployed = () => [];
  await assert.rejects(async () => run('removeDeployed', argument), /not deployed to "prod"/);
  assert.equal(hosts.all[0]!.mirror.drift('prod', 'hello'), 0);
});

test('filter conditions add up and are taken away together', async (t) => {
  const { run, services, dialogs } = await setUp(t);
  dialogs.picks = ['$(error) error', 'hello', '$(search) Text in log, event, result or error…'];
  dialogs.inputs = [' mail '];
  await run('filterInvocations');
  await run('filterInvocations');
  await run('filterInvocations');
  assert.deepEqual(services.filter.conditions, { status: 'error', function: 'hello', text: 'mail' });
  assert.equal(services.filter.describe(), 'hello · error · containing "mail"');
  dialogs.picks = ['last 15 min'];
  await run('filterInvocations');
  assert.equal(services.filter.describe(), 'hello · error · last 15 min · containing "mail"');
  const query = services.filter.query(1_800_000_000_000);
  assert.deepEqual(query, { status: 'error', function: 'hello', text: 'mail', from: 1_799_999_100_000 });
  await run('clearFilter');
  assert.equal(services.filter.active, false);
});

test('a profile opens as a document, beside what was measured before', async (t) => {
  const { run, host, opened, hosts } = await setUp(t);
  const runs: number[] = [];
  host.answers.listProfiles = () => [profileOf({ artifact: 'old' })];
  host.answers.profile = (_params: unknown, onRun: (run: number) => void) => {
    for (const count of [1, 2]) onRun(runs.push(count));
    return profileOf();
  };
  await run('profile', { function: 'hello' });
  assert.deepEqual(
    named(host, 'profile').map(([params]) => params),
    [{ function: 'hello', runs: 10 }],
  );
  assert.deepEqual(runs, [1, 2]);
  assert.equal(opened[0]?.name, 'hello cold start.md');
  assert.match(opened[0]?.text ?? '', /^# Cold start of hello: 131 ms\n[^]*## Compared with old of /);
  assert.deepEqual(
    hosts.all[0]?.mirror.importCosts.map(({ artifact }) => artifact),
    ['a1'],
  );
});
