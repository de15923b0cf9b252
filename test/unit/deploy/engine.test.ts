import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeployEngine } from '../../../runtime/deploy/engine.ts';
import { deployedSettings } from '../../../runtime/deploy/settings.ts';
import type {
  DeployInput,
  DeployItem,
  DeployTarget,
  SwitchOptions,
  Verification,
  VerifyingEvent,
} from '../../../runtime/deploy/target.ts';
import type { DeployProgress } from '../../../runtime/model/deploy.ts';
import { PorchlightError } from '../../../runtime/model/errors.ts';
import type { FunctionDefinition } from '../../../runtime/model/functionDefinition.ts';
import { builtFile, createArchive, type Archive } from '../../../runtime/packaging/archive.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const root = '/p';

/** A target in memory that writes down what is asked of it. */
class FakeTarget implements DeployTarget {
  readonly name = 'fake';
  readonly type = 'fake';
  remote = false;
  readonly settings = deployedSettings;
  readonly calls: string[] = [];
  readonly versions = new Map<
    string,
    { current?: string; known: { version: string; item: DeployInput & { archive: Archive } }[] }
  >();
  readonly packages = new Set<string>();
  answer: Verification = { answered: true, status: 'ok', startKind: 'cold', durationMs: 5 };
  /** Called at each step, e.g. to cancel there. */
  at: (call: string) => void = () => {};
  #next = 1;

  #of(name: string) {
    const found = this.versions.get(name) ?? { known: [] };
    this.versions.set(name, found);
    return found;
  }
  #call(text: string): Promise<void> {
    this.calls.push(text);
    this.at(text.split(' ')[0]!);
    return Promise.resolve();
  }
  preflight = () => Promise.resolve([]);
  current(name: string) {
    const { current, known } = this.#of(name);
    const found = known.find(({ version }) => version === current);
    if (!found) return Promise.resolve(undefined);
    const { version, item } = found;
    const settings = deployedSettings(item.definition);
    return Promise.resolve({
      version,
      packageHash: item.archive.hash,
      settings,
      environment: item.environment,
    });
  }
  packageHash = ({ hash }: Archive) => Promise.resolve(hash);
  hasPackage = ({ archive }: DeployItem) => Promise.resolve(this.packages.has(archive.hash));
  async upload({ archive }: DeployItem) {
    await this.#call('upload');
    this.packages.add(archive.hash);
  }
  async create(item: DeployInput & { archive: Archive }) {
    await this.#call('create');
    const version = String(this.#next++);
    this.#of(item.definition.name).known.unshift({ version, item });
    return version;
  }
  async verify(_item: unknown, version: string) {
    await this.#call(`verify ${version}`);
    return this.answer;
  }
  async switchTo(name: string, version: string, { percent }: SwitchOptions = {}) {
    await this.#call(`switch ${version}${percent === undefined ? '' : ` ${percent} %`}`);
    this.#of(name).current = version;
    return undefined;
  }
  async discard(name: string, version: string) {
    await this.#call(`discard ${version}`);
    const kept = this.#of(name);
    kept.known = kept.known.filter((known) => known.version !== version);
  }
  list() {
    const functions = [...this.versions].map(([name, { current, known }]) => ({
      function: name,
      target: 'fake',
      versions: known.map(({ version, item }) => ({
        version,
        packageHash: item.archive.hash,
        createdAt: 0,
        verified: true,
        current: version === current,
      })),
      urls: [`http://127.0.0.1/${name}`],
    }));
    return Promise.resolve(functions);
  }
  urls = (name: string) => Promise.resolve([`http://127.0.0.1/${name}`]);
  remove = () => Promise.resolve();
}

const quietly = { onProgress: () => {}, signal: new AbortController().signal };

function set() {
  const target = new FakeTarget();
  const state = {
    code: 'one',
    definition: functionDefinition(root) as FunctionDefinition,
    environment: { TOKEN: 'secret-1' } as Record<string, string>,
    findings: [] as DeployInput['findings'],
    failure: undefined as unknown,
    runnable: true,
    event: {
      bytes: Buffer.from('{}'),
      trigger: 'event',
      expects: false,
      check: () => [],
    } as VerifyingEvent,
    here: { answered: true, status: 'ok', durationMs: 1 } as Verification,
  };
  const engine = new DeployEngine({
    read: () =>
      Promise.resolve([
        {
          definition: state.definition,
          environment: state.environment,
          runnable: state.runnable,
          findings: state.findings,
          event: state.event,
        },
      ]),
    archive: () => {
      if (state.failure !== undefined) return Promise.reject(state.failure);
      const start = { entry: 'index.js', loader: 'script', exportName: 'handler' } as const;
      return Promise.resolve(createArchive([builtFile('index.js', Buffer.from(state.code))], start, []));
    },
    platform: ({ platform }) => findPlatform(platform),
    target: () => Promise.resolve(target),
    rehearse: () => {
      target.calls.push('rehearse');
      return Promise.resolve(state.here);
    },
    now: () => 7,
  });
  const deploy = async (signal = new AbortController().signal, percent?: number) => {
    const progress: DeployProgress[] = [];
    const plan = await engine.plan('fake');
    const result = await engine.apply(plan.id, {
      onProgress: (step) => progress.push(step),
      signal,
      percent,
    });
    return { plan, result: result.functions[0]!, progress };
  };
  return { target, state, engine, deploy };
}

test('the first deploy creates, the second of the same changes nothing', async () => {
  const { target, deploy } = set();
  const first = await deploy();
  assert.equal(first.plan.functions[0]!.change, 'create');
  assert.equal(first.result.status, 'deployed');
  assert.equal(first.result.version, '1');
  assert.deepEqual(first.result.verification, { status: 'ok', startKind: 'cold', durationMs: 5 });
  assert.deepEqual(target.calls, ['upload', 'create', 'verify 1', 'switch 1']);
  const steps = first.progress
    .filter(({ state }) => state !== 'started')
    .map(({ step, state }) => `${step} ${state}`);
  assert.deepEqual(steps, [
    'check done',
    'build done',
    'package done',
    'upload done',
    'apply done',
    'verify done',
    'switch done',
  ]);
  const fractions = first.progress.map(({ fraction }) => fraction);
  assert.deepEqual(
    fractions,
    [...fractions].sort((a, b) => a - b),
  );
  assert.equal(fractions.at(-1), 1);

  const second = await deploy();
  assert.equal(second.plan.functions[0]!.change, 'same');
  assert.deepEqual([second.result.status, second.result.version], ['unchanged', '1']);
  assert.equal(target.calls.length, 4);
});

test('a plan names every change, and hides values of the environment', async () => {
  const { state, engine, deploy } = set();
  await deploy();
  state.definition = { ...state.definition, memoryMB: 256, handler: 'index.other' };
  state.environment = { TOKEN: 'secret-2', NEW: 'secret-3' };
  const plan = await engine.plan('fake');
  const changed = plan.functions[0]!.fields.filter(({ change }) => change !== 'same');
  assert.deepEqual(changed, [
    { path: 'handler', change: 'change', before: 'index.handler', after: 'index.other' },
    { path: 'memoryMB', change: 'change', before: '128', after: '256' },
    { path: 'environment.NEW', change: 'create' },
    { path: 'environment.TOKEN', change: 'change' },
  ]);
  assert.ok(!JSON.stringify(plan).includes('secret'));
  assert.ok(plan.functions[0]!.package.unchanged);
});

test('a package that is there already is not sent again', async () => {
  const { target, state, deploy } = set();
  await deploy();
  state.environment = { TOKEN: 'other' };
  const { progress } = await deploy();
  assert.ok(progress.some(({ step, state: how }) => step === 'upload' && how === 'skipped'));
  assert.equal(target.calls.filter((call) => call === 'upload').length, 1);
});

test('a version that does not answer is discarded, and the one before goes on serving', async () => {
  const { target, state, deploy } = set();
  await deploy();
  state.code = 'two';
  target.answer = {
    answered: false,
    status: 'error',
    durationMs: 3,
    message: 'Error: boom (/p/index.js:1:1)',
  };
  const { result, progress } = await deploy();
  assert.equal(result.status, 'failed');
  assert.equal(
    result.message,
    'hello: It did not answer on fake (error): Error: boom (/p/index.js:1:1). Version 1 goes on serving.',
  );
  assert.deepEqual(target.calls.slice(-2), ['verify 2', 'discard 2']);
  assert.equal((await target.current('hello'))?.version, '1');
  assert.equal(progress.at(-1)?.state, 'failed');
});

test('an error that the handler answers is worth a word, but deploys', async () => {
  const { target, deploy } = set();
  target.answer = { answered: true, status: 'error', durationMs: 3, message: 'Error: no such code' };
  const { result } = await deploy();
  assert.equal(result.status, 'deployed');
  assert.match(result.message ?? '', /answered the sample event with an error: Error: no such code/);
});

for (const call of ['upload', 'create', 'verify'])
  test(`cancelling at ${call} leaves the old version serving and nothing behind`, async () => {
    const { target, state, deploy } = set();
    await deploy();
    state.code = 'two';
    const cancel = new AbortController();
    target.at = (now) => {
      if (now === call) cancel.abort();
    };
    const { result } = await deploy(cancel.signal);
    assert.equal(result.status, 'cancelled');
    assert.equal((await target.current('hello'))?.version, '1');
    assert.equal(target.versions.get('hello')!.known.length, 1);
    assert.ok(!target.calls.includes('switch 2'));
  });

test('a cancel during the switch comes too late', async () => {
  const { target, deploy } = set();
  const cancel = new AbortController();
  target.at = (now) => {
    if (now === 'switch') cancel.abort();
  };
  assert.equal((await deploy(cancel.signal)).result.status, 'deployed');
});

test('what changed since the plan was made is not deployed', async () => {
  const changes: ((state: ReturnType<typeof set>['state']) => void)[] = [
    (state) => (state.code = 'two'),
    (state) => (state.environment = { TOKEN: 'other' }),
    (state) => (state.definition = { ...state.definition, timeoutMs: 1000 }),
  ];
  for (const change of changes) {
    const { state, engine, target } = set();
    const plan = await engine.plan('fake');
    change(state);
    const result = await engine.apply(plan.id, quietly);
    assert.equal(result.functions[0]!.status, 'failed');
    assert.match(result.functions[0]!.message ?? '', /no longer current/);
    assert.deepEqual(target.calls, []);
    await assert.rejects(engine.apply(plan.id, quietly), { code: 'PLAN_UNKNOWN' });
  }
});

test('findings that are errors stop a deploy before anything is sent', async () => {
  const { state, engine, target } = set();
  state.failure = new PorchlightError('MODULE_MISSING', { module: 'indx', nearest: 'index' });
  const missing = await engine.plan('fake');
  assert.equal(missing.functions[0]!.findings[0]!.code, 'MODULE_MISSING');
  await assert.rejects(engine.apply(missing.id, quietly), { code: 'DEPLOY_BLOCKED', message: /indx/ });
  state.failure = undefined;
  state.definition = { ...state.definition, memoryMB: 64, timeoutMs: 901_000 };
  state.environment = { AWS_REGION: 'x', BIG: 'x'.repeat(5000) };
  const { findings } = (await engine.plan('fake')).functions[0]!;
  assert.deepEqual(
    findings.map(({ severity, code }) => `${severity} ${code}`),
    ['error LIMIT_EXCEEDED', 'error LIMIT_EXCEEDED', 'error LIMIT_EXCEEDED', 'warning RESERVED_VARIABLE'],
  );
  assert.match(findings[0]!.message, /memory is 64 MB; .* takes 128 to 10240 MB/);
  assert.equal(findings[0]!.file, state.definition.declaredAt.file);
  assert.deepEqual(target.calls, []);
});

test('a function that cannot run here is left out, unless it is asked for by name', async () => {
  const { state, engine } = set();
  state.runnable = false;
  assert.deepEqual((await engine.plan('fake')).functions, []);
  assert.equal((await engine.plan('fake', ['hello'])).functions.length, 1);
});

test('an unknown function is named with the known ones', async () => {
  const { engine } = set();
  await assert.rejects(engine.plan('fake', ['nope']), { code: 'FUNCTION_UNKNOWN', message: /hello/ });
});

test('rolling back serves the version before, or the one that is named', async () => {
  const { target, state, engine, deploy } = set();
  for (const code of ['one', 'two', 'three']) {
    state.code = code;
    await deploy();
  }
  const back = await engine.rollBack('fake', 'hello');
  assert.deepEqual(
    [back.functions[0]!.status, back.functions[0]!.version, back.functions[0]!.previous],
    ['rolledBack', '2', '3'],
  );
  assert.equal((await target.current('hello'))?.version, '2');
  assert.equal((await engine.rollBack('fake', 'hello', '3')).functions[0]!.version, '3');
  await assert.rejects(engine.rollBack('fake', 'hello', '9'), { code: 'VERSION_UNKNOWN' });
  await engine.rollBack('fake', 'hello', '1');
  await assert.rejects(engine.rollBack('fake', 'hello'), {
    code: 'VERSION_UNKNOWN',
    message: /before the current/,
  });
});

test('what goes elsewhere answers here first, and both answers are told', async () => {
  const { target, state, deploy } = set();
  target.remote = true;
  state.environment = { GREETING: 'hi', AWS_REGION: 'reserved' };
  state.here = { answered: true, status: 'ok', durationMs: 2, result: '1' };
  target.answer = { answered: true, status: 'ok', startKind: 'cold', durationMs: 90, result: '2' };
  const { result, progress } = await deploy();
  assert.deepEqual(target.calls, ['rehearse', 'upload', 'create', 'verify 1', 'switch 1']);
  assert.deepEqual(result.verification?.here, { status: 'ok', durationMs: 2, sameResult: false });
  assert.ok(progress.some(({ step, state: how }) => step === 'rehearse' && how === 'done'));
  assert.deepEqual(
    (await target.current('hello'))?.environment,
    { GREETING: 'hi' },
    'what is reserved stays here',
  );
});

test('what does not answer here is not sent', async () => {
  const { target, state, deploy } = set();
  target.remote = true;
  state.here = { answered: false, status: 'error', durationMs: 2, message: 'Error: no module' };
  const { result } = await deploy();
  assert.equal(result.status, 'failed');
  assert.match(result.message ?? '', /did not answer on this machine \(error\): Error: no module/);
  assert.deepEqual(target.calls, ['rehearse']);
});

test('a share of the calls is passed on', async () => {
  const { target, deploy } = set();
  await deploy(undefined, 10);
  assert.equal(target.calls.at(-1), 'switch 1 10 %');
});

test('a failure of taking a version back hides nothing, and secrets stay hidden', async () => {
  const { target, state, deploy } = set();
  await deploy();
  state.code = 'two';
  target.answer = { answered: false, status: 'error', durationMs: 3, message: 'Error: secret-1 is wrong' };
  target.discard = () => Promise.reject(new Error('no network'));
  const { result, progress } = await deploy();
  assert.match(
    result.message ?? '',
    /is wrong\. Version 2, which does not serve, is still there: no network\./,
  );
  assert.ok(!JSON.stringify([result, progress]).includes('secret-1'));
});

test('a target takes functions of its platforms only', async () => {
  const { target, engine } = set();
  Object.assign(target, { platforms: ['aliyun-fc'] });
  await assert.rejects(engine.plan('fake'), { code: 'TARGET_TAKES_NONE' });
  await assert.rejects(engine.plan('fake', ['hello']), { code: 'TARGET_REFUSES' });
});

test('a saved event has to be answered as it expects, here and there, and times stand side by side', async () => {
  const { target, state, deploy } = set();
  target.remote = true;
  state.here = { answered: true, status: 'ok', durationMs: 3, warmMs: 1, result: 'two' };
  target.answer = {
    answered: true,
    status: 'ok',
    durationMs: 80,
    startKind: 'cold',
    warmMs: 8,
    result: 'two',
  };
  const asked: unknown[] = [];
  state.event = {
    ...state.event,
    name: 'happy',
    expects: true,
    check: (answered) => {
      asked.push(answered);
      return asked.length === 2 ? ['result: expected two, but it is secret-1'] : [];
    },
  };
  const { result } = await deploy();
  assert.deepEqual(asked, [state.here, target.answer]);
  assert.equal(result.status, 'failed');
  assert.match(
    result.message ?? '',
    /does not answer the saved event "happy" as expected on fake: result: expected two, but it is •+/,
  );
  assert.deepEqual(target.calls.slice(-2), ['verify 1', 'discard 1']);
  const again = await deploy();
  assert.deepEqual(again.result.verification, {
    status: 'ok',
    event: 'happy',
    startKind: 'cold',
    durationMs: 80,
    warmMs: 8,
    here: { status: 'ok', durationMs: 3, warmMs: 1, sameResult: true },
  });
});

test('an error that a saved event expects is nothing to tell', async () => {
  const { target, state, deploy } = set();
  target.answer = { answered: true, status: 'error', durationMs: 5, message: 'Error: no' };
  assert.match((await deploy()).result.message ?? '', /the sample event with an error: Error: no/);
  state.event = { ...state.event, name: 'bad', expects: true };
  state.code = 'two';
  assert.equal((await deploy()).result.message, undefined);
});
