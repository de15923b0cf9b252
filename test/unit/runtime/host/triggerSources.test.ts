import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TriggerSources } from '../../../../runtime/host/triggerSources.ts';
import type { FunctionRuntime } from '../../../../runtime/invocations/functionRuntime.ts';
import type { OtherTrigger, TriggerDefinition } from '../../../../runtime/model/functionDefinition.ts';
import type { Platform } from '../../../../runtime/model/platform.ts';
import { Deferred } from '../../../../runtime/support/deferred.ts';
import type {
  DeliveryEnd,
  DeliveryResult,
  SourceKind,
  SourcePlan,
  SourceServices,
} from '../../../../runtime/triggers/source.ts';
import { FakeClock } from '../../../support/fakeClock.ts';
import { settle } from '../../../support/fakeHosts.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';
import { recordOf } from '../../../support/records.ts';

const trigger = (name: string, config: Record<string, unknown> = {}): OtherTrigger => ({
  kind: 'timer',
  name,
  config,
});

function functionOf(triggers: TriggerDefinition[], name = 'hello'): FunctionRuntime {
  const definition = functionDefinition('/p', { name, triggers });
  const platform = { id: 'aws-lambda' } as Platform;
  return { definition, platform, state: () => ({ urls: { http: ['http://x/hello'] } }) } as never;
}

/** Sources that write down what is asked of them; `config` says how they behave. */
function setUp(active = true) {
  const log: string[] = [];
  const said: string[] = [];
  const clock = new FakeClock();
  const first = new Deferred<DeliveryResult | undefined>();
  const ended = new Deferred<DeliveryEnd>();
  const opened = new Map<string, SourceServices>();
  const kind: SourceKind = {
    kind: 'timer',
    read({ trigger: { name, config } }) {
      if (config['wrong']) return { problems: [{ severity: 'error', key: 'wrong', detail: 'it is wrong.' }] };
      const plan: SourcePlan = {
        summary: 'a clock',
        enabled: config['enabled'] !== false,
        startsByItself: (config['starts'] as boolean | 'never' | undefined) ?? true,
        open(services) {
          opened.set(name, services);
          log.push(`open ${name}`);
          const write = (what: string) => () => {
            log.push(`${what} ${name}`);
            if (what === 'start' && config['fails']) return Promise.reject(new Error('no room'));
            return Promise.resolve();
          };
          return {
            state: { text: `of ${name}` },
            start: write('start'),
            stop: write('stop'),
            fire: () =>
              Promise.resolve({
                delivered: services.deliver({ event: Buffer.from('1'), label: 'now', mode: 'async' }),
              }),
            dispose: write('dispose'),
          };
        },
      };
      return { problems: [], plan };
    },
  };
  const sources = new TriggerSources({
    root: '/p',
    stateFolder: '/p/.porchlight',
    clock,
    active,
    deliver(name, { name: of }) {
      log.push(`deliver ${name} ${of}`);
      return { first: first.promise, ended: ended.promise };
    },
    say: (_level, text) => said.push(text),
    findKind: (id) => (id === 'timer' ? kind : undefined),
  });
  const status = () =>
    sources.list().map(({ name, status: is, problem }) => `${name} ${is}${problem ? `: ${problem}` : ''}`);
  return { sources, log, said, clock, status, first, ended, opened };
}

test('sources start and stop with the settings of the project, and go on where these stay the same', async () => {
  const { sources, log, status } = setUp();
  sources.follow([
    functionOf([trigger('a'), trigger('b', { enabled: false }), trigger('c', { starts: false })]),
  ]);
  await sources.settled();
  assert.deepEqual(status(), ['a running', 'b disabled', 'c stopped']);
  log.length = 0;
  const moved = { ...trigger('a'), at: { file: 'x', line: 9, column: 1 } };
  sources.follow([functionOf([moved, trigger('c', { starts: true })])]);
  await sources.settled();
  assert.deepEqual(status(), ['a running', 'c running']);
  assert.deepEqual(log.sort(), ['dispose b', 'dispose c', 'open c', 'start c']);
});

test('nothing starts by itself in a host that does not stay, and it says so when asked', async () => {
  const { sources, log, status } = setUp(false);
  sources.follow([functionOf([trigger('a')])]);
  await sources.settled();
  assert.deepEqual(status(), ['a stopped']);
  assert.ok(!log.includes('start a'));
  await assert.rejects(sources.setRunning('hello', 'a', true), /while a host of the folder stays/);
});

test('people start and stop sources; their word holds while the trigger stays what it is', async () => {
  const { sources, status } = setUp();
  sources.follow([functionOf([trigger('a', { starts: false })])]);
  assert.equal((await sources.setRunning('hello', 'a', true)).status, 'running');
  sources.follow([functionOf([trigger('a', { starts: false })])]);
  await sources.settled();
  assert.deepEqual(status(), ['a running']);
  assert.equal((await sources.setRunning('hello', 'a', false)).status, 'stopped');
  sources.follow([functionOf([trigger('a', { starts: false, cron: 'other' })])]);
  await sources.settled();
  assert.deepEqual(status(), ['a stopped']);
});

test('what is wrong is told at its place and stops nothing else', async () => {
  const { sources, status } = setUp();
  const wrong = {
    ...trigger('w', { wrong: 1 }),
    configAt: { wrong: { file: '/p/s.yaml', line: 7, column: 3 } },
  };
  const queue: OtherTrigger = { kind: 'queue', name: 'q', config: {} };
  sources.follow([functionOf([wrong, trigger('a'), trigger('a'), queue])]);
  await sources.settled();
  assert.deepEqual(status(), [
    'w failed: it is wrong.',
    'a running',
    'a failed: another trigger of the function has the same name; give each a name of its own.',
    'q failed: there is no source of the kind queue.',
  ]);
  const [first] = sources.problems;
  assert.equal(first?.message, 'hello.w.wrong: it is wrong.');
  assert.deepEqual([first?.file, first?.line, first?.column], ['/p/s.yaml', 7, 3]);
  await assert.rejects(sources.fire('hello', 'w', { options: {} }), /cannot be used: it is wrong/);
});

test('a source that cannot start says why, once, and can be started again', async () => {
  const { sources, said, status } = setUp();
  sources.follow([functionOf([trigger('a', { fails: true })])]);
  await sources.settled();
  assert.deepEqual(status(), ['a failed: no room']);
  assert.deepEqual(said, ['hello: the trigger a does not run: no room']);
  await assert.rejects(sources.setRunning('hello', 'a', true), /no room/);
});

test('firing says what was handed over and how it ended', async () => {
  const { sources, first, ended } = setUp();
  sources.follow([functionOf([trigger('a', { starts: false })])]);
  const { trigger: name, delivered } = await sources.fire('hello', undefined, { options: {} });
  assert.equal(name, 'a');
  assert.equal(sources.list()[0]!.last?.status, 'running');
  first.resolve({
    record: recordOf('I', { status: 'error' }),
    outcome: { kind: 'result', body: Buffer.of() },
  });
  ended.resolve({ status: 'error', attempts: 3, reason: 'all 3 attempts failed' });
  await delivered!.ended;
  await settle();
  const { fired, last } = sources.list()[0]!;
  assert.equal(fired, 1);
  assert.deepEqual(
    { ...last, at: 0 },
    {
      at: 0,
      label: 'now',
      status: 'error',
      attempts: 3,
      invocation: 'I',
      reason: 'all 3 attempts failed',
    },
  );
});

test('a trigger is named, unless there is just one', () => {
  const { sources } = setUp();
  const http: TriggerDefinition = {
    kind: 'http',
    name: 'web',
    path: '/hello',
    methods: ['GET'],
    shape: 'fc3',
  };
  sources.follow([
    functionOf([trigger('a'), trigger('b'), http]),
    functionOf([http], 'web'),
    functionOf([], 'none'),
  ]);
  const fire = (name: string, which?: string) => () => sources.fire(name, which, { options: {} });
  assert.throws(fire('hello'), /several triggers; name the one to fire: a, b/);
  assert.throws(fire('hello', 'x'), /no trigger named "x". Its triggers: a, b/);
  assert.throws(fire('hello', 'web'), /HTTP trigger: send a request to http:\/\/x\/hello/);
  assert.throws(fire('web'), /HTTP trigger/);
  assert.throws(fire('none'), /Its triggers: none/);
  assert.throws(fire('other'), /no function named "other"/);
  assert.equal(sources.list('hello')[2]!.summary, 'GET /hello');
});

test('changes are told together, and not after the end', async () => {
  const { sources, clock, log } = setUp();
  const told: string[][] = [];
  sources.onDidChange((names) => told.push(names));
  sources.follow([functionOf([trigger('a')]), functionOf([trigger('b')], 'other')]);
  await sources.settled();
  clock.advance(50);
  assert.deepEqual(told, [['hello', 'other']]);
  await sources.dispose();
  assert.ok(log.includes('dispose a') && log.includes('dispose b'));
  clock.advance(1000);
  assert.equal(told.length, 1);
});
