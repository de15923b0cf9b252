import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PorchlightError } from '../../../runtime/model/errors.ts';
import { webResult } from '../../../runtime/model/webMessage.ts';
import { quietly, setEngine as set } from '../../support/fakeTarget.ts';
import { say } from '../../../runtime/support/l10n.ts';

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

test('what is deployed is called and removed; what is not is told', async () => {
  const { target, engine, deploy } = set();
  const { signal } = quietly;
  const call = { name: 'hello', event: Buffer.from('{"a":1}') };
  await assert.rejects(engine.invoke('fake', call, signal), { code: 'NOT_DEPLOYED', message: /"fake"/ });
  await assert.rejects(engine.remove('fake', 'hello'), { code: 'NOT_DEPLOYED' });
  await deploy();
  target.answer = { answered: true, status: 'ok', durationMs: 7, result: 'done' };
  const { invocation, ...answer } = await engine.invoke('fake', call, signal);
  assert.deepEqual(answer, {
    ...{ target: 'fake', function: 'hello', version: '1' },
    ...{ status: 'ok', durationMs: 7, result: 'done' },
  });
  const { id, event, result, ...told } = invocation;
  assert.match(id, /^call-/, 'the target has no name for it');
  assert.deepEqual([event?.data, result?.data], ['{"a":1}', 'done']);
  assert.deepEqual(told, {
    ...{ target: 'fake', function: 'hello', version: '1', status: 'ok', called: true },
    ...{ startedAt: told.startedAt, logs: [], logsDropped: 0 },
  });
  delete target.invoke;
  await assert.rejects(engine.invoke('fake', call, signal), { message: /cannot be called from here/ });
  assert.deepEqual(await engine.remove('fake', 'hello'), {
    target: 'fake',
    functions: [{ function: 'hello', version: '1', status: 'removed', urls: [] }],
  });
  assert.deepEqual(target.calls.slice(-2), ['invoke hello {"a":1} 3000', 'remove hello']);
  assert.equal(await target.current('hello'), undefined);
});

test('a share of the calls is refused where a target has none, in the plan and when it is carried out', async () => {
  const { target, engine, deploy } = set();
  await deploy();
  Object.assign(target, { wholeOnly: true });
  const { functions, id } = await engine.plan('fake', undefined, { percent: 10 });
  assert.deepEqual(
    functions[0]!.findings.map(({ severity, code }) => [severity, code]),
    [['error', 'TARGET_OBJECTS']],
  );
  await assert.rejects(engine.apply(id, { ...quietly, percent: 10 }), { code: 'DEPLOY_BLOCKED' });
  const whole = await engine.plan('fake');
  await assert.rejects(engine.apply(whole.id, { ...quietly, percent: 10 }), { code: 'DEPLOY_BLOCKED' });
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

test('answers of web servers are compared by status and body', async () => {
  const { target, state, deploy } = set();
  target.remote = true;
  const answer = (status: number, header: string) => ({
    ...{ answered: true, status: 'ok' as const, durationMs: 1, result: 'hello' },
    body: webResult({ status, headers: [['Server', header]], body: Buffer.from('hello') }),
  });
  state.here = answer(200, 'here');
  target.answer = answer(200, 'there');
  assert.equal((await deploy()).result.verification?.here?.sameResult, true);
  state.code = 'two';
  target.answer = answer(201, 'there');
  assert.equal((await deploy()).result.verification?.here?.sameResult, false);
  state.code = 'three';
  target.answer = { answered: true, status: 'ok', durationMs: 1, result: 'hello' };
  assert.equal(
    (await deploy()).result.verification?.here?.sameResult,
    true,
    'of some only the body is known',
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
  assert.equal(say(result.said!), result.message, 'clients can say it in another language');
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
