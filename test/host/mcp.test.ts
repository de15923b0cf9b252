import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { agentTools } from '../../runtime/agents/index.ts';
import { distFile } from '../../runtime/support/installRoot.ts';
import { writeTree } from '../support/fileTree.ts';
import { tempFolder } from '../support/tempFolder.ts';

const planted = 'planted-secret-7f31';
const files = {
  'porchlight.yaml': `functions:
  hello: { handler: index.hello, environment: { API_TOKEN: '\${env.API_TOKEN}' } }
  fails: { handler: index.fails }
`,
  '.env': `API_TOKEN=${planted}\n`,
  'index.js': `exports.hello = async (event) => {
  console.log('called with', JSON.stringify(event), process.env.API_TOKEN);
  return { hello: event.name ?? 'nobody', token: process.env.API_TOKEN };
};
exports.fails = async () => {
  throw new TypeError('no such thing');
};
`,
  'events/hello/ada.json': '{ "name": "Ada" }',
};

interface Answer {
  text: string;
  data: Record<string, unknown>;
  isError: boolean;
}

/** A real client on a real server. `answers`: what the user says to questions; none: the client cannot ask. */
async function connect(t: TestContext, { args = [], answers }: { args?: string[]; answers?: string[] } = {}) {
  const root = tempFolder(t);
  writeTree(root, files);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [distFile('porchlight.cjs'), 'mcp', root, ...args],
    stderr: 'pipe',
  });
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: answers ? { elicitation: {} } : {} },
  );
  const questions: string[] = [];
  if (answers) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      questions.push(params.message);
      return { action: answers.shift() as 'accept' | 'decline', content: {} };
    });
  }
  await client.connect(transport);
  t.after(() => client.close());
  const call = async (name: string, input: Record<string, unknown> = {}): Promise<Answer> => {
    const answer = await client.callTool({ name, arguments: input });
    const [first] = answer.content as { text: string }[];
    return {
      text: first!.text,
      data: (answer.structuredContent ?? {}) as Record<string, unknown>,
      isError: answer.isError === true,
    };
  };
  return { client, call, questions };
}

describe('porchlight mcp', { timeout: 120_000 }, () => {
  it('lists its tools with schemas and says which run code', async (t) => {
    const { client } = await connect(t);
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      agentTools.map(({ name }) => name),
    );
    for (const { name, inputSchema, annotations, description } of tools) {
      assert.equal(inputSchema.type, 'object', name);
      assert.ok((description ?? '').length > 50, name);
      assert.equal(annotations?.readOnlyHint, !/^(invoke|replay|measure|run)_/.test(name), name);
    }
    assert.equal(client.getServerVersion()?.name, 'porchlight');
  });

  it('lists functions, invokes one and tells what was recorded of it, without secrets', async (t) => {
    const { call } = await connect(t);
    const list = await call('list_functions');
    assert.match(list.text, /^2 functions: hello, fails\./);
    const invoked = await call('invoke_function', { function: 'hello', event: { name: 'Ada' } });
    assert.match(invoked.text, /^hello ok, cold, /);
    assert.match(JSON.stringify(invoked.data['result']), /Ada/);
    const id = invoked.data['id'] as string;
    const logs = await call('get_logs', { id, contains: 'CALLED' });
    assert.match(logs.text, /^1 of 1 log lines of hello/);
    assert.match(JSON.stringify(logs.data), /index\.js:2/);
    const again = await call('replay_invocation', { id, event: { name: 'Grace' }, startKind: 'warm' });
    assert.match(again.text, /^hello ok, warm, /);
    const found = await call('list_invocations', { text: 'Grace' });
    assert.match(found.text, /^1 invocation\./);
    const whole = await call('get_invocation', { id: 'last' });
    assert.match(JSON.stringify(whole.data['phases']), /"handler"/);
    for (const { text } of [list, invoked, logs, again, found, whole]) assert.ok(!text.includes(planted));
  });

  it('tells of failures with their place, and of mistakes with what to do', async (t) => {
    const { call, client } = await connect(t);
    const failed = await call('invoke_function', { function: 'fails' });
    assert.equal(failed.isError, false);
    assert.match(failed.text, /^fails error, cold, .*TypeError: no such thing/);
    assert.match(JSON.stringify(failed.data['error']), /index\.js","line":6/);
    assert.match((await call('get_invocation', { id: 'last-failure' })).text, /^fails error at /);
    for (const [name, input, text] of [
      ['invoke_function', { function: 'nobody' }, /no function named "nobody".*hello, fails/],
      ['invoke_function', { function: 'hello', evnt: {} }, /takes function, event, startKind, but not evnt/],
      ['get_invocation', { id: 'no-such-id' }, /no invocation "no-such-id"/],
      ['list_invocations', { limit: 1000 }, /limit: expected a whole number from 1 to 100/],
      ['explain_cold_start', { function: 'nobody' }, /nobody/],
    ] as const) {
      const answer = await call(name, input);
      assert.equal(answer.isError, true, name);
      assert.match(answer.text, text);
    }
    await assert.rejects(client.callTool({ name: 'deploy', arguments: {} }), /no tool "deploy"/);
  });

  it('asks before code runs where the client can ask, and runs nothing that is not wanted', async (t) => {
    const { call, questions } = await connect(t, { answers: ['decline', 'accept'] });
    const input = { function: 'hello', event: { name: 'Ada' } };
    const declined = await call('invoke_function', input);
    assert.equal(declined.isError, true);
    assert.match(declined.text, /did not want this/);
    assert.match((await call('list_invocations')).text, /^0 invocations/);
    assert.match((await call('invoke_function', input)).text, /^hello ok/);
    assert.deepEqual(questions, Array(2).fill('Invoke hello with the event {"name":"Ada"}?'));
    const unasked = await connect(t, { args: ['--yes'], answers: [] });
    assert.match((await unasked.call('invoke_function', input)).text, /^hello ok/);
  });

  it('explains cold starts, runs saved events and plans a deploy', async (t) => {
    const { call } = await connect(t);
    const measured = await call('measure_cold_start', { function: 'hello', runs: 1 });
    assert.match(measured.text, /^A cold start of hello takes .* \(median of 1\)/);
    assert.equal((await call('explain_cold_start', { function: 'hello' })).text, measured.text);
    assert.match((await call('list_tests')).text, /^1 test\./);
    assert.match((await call('run_tests', { function: 'hello' })).text, /^1 of 1 passed\./);
    const plan = await call('plan_deploy', { functions: ['hello'] });
    assert.match(plan.text, /^On local \(local\): 1 new, 0 changed, 0 unchanged/);
    assert.ok(!plan.text.includes(planted));
  });
});
