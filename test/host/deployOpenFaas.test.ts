import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../support/faultyProxy.ts';
import { startGateway, type GatewayServer } from '../support/openfaas/gatewayServer.ts';
import { OpenFaasProject, secrets, token } from '../support/openfaas/openFaasProject.ts';

describe('deploying to OpenFaaS', () => {
  let gateway: GatewayServer;
  let proxy: FaultyProxy;
  let project: OpenFaasProject;

  beforeEach(async () => {
    gateway = await startGateway(`Basic ${token}`);
    proxy = await startFaultyProxy(gateway.url);
    project = new OpenFaasProject(proxy.url, 'hello');
  });
  afterEach(async () => {
    await proxy.close();
    await gateway.close();
    const everything = JSON.stringify(project.told);
    for (const hidden of [...Object.values(secrets), token])
      assert.ok(!everything.includes(hidden), 'a secret was told');
    assert.deepEqual(gateway.objections, []);
  });

  /** What the function of the project is now. */
  const held = () => gateway.functions.get('hello')!;
  const names = (): string[] => [...gateway.functions.keys()];
  const changing = (): string[] => proxy.seen.filter((what) => !what.startsWith('GET'));
  const next = 'exports.handler = async () => 2;';

  it('creates, leaves alone, changes, and rolls back', async () => {
    const first = await project.deploy();
    assert.deepEqual([first.status, first.version], ['deployed', '1'], first.message);
    assert.equal(first.message, undefined);
    assert.deepEqual(first.urls, [`${proxy.url}/function/hello`]);
    assert.deepEqual(names(), ['hello'], 'nothing is left of the trial');
    assert.deepEqual(held().envVars, { API_TOKEN: secrets.variable });
    const before = held().image;

    proxy.seen.length = 0;
    assert.equal((await project.deploy()).status, 'unchanged');
    assert.deepEqual(changing(), [], 'nothing is changed, nothing is sent');

    project.code = next;
    assert.equal((await project.plan()).package.unchanged, false);
    const second = await project.deploy();
    assert.deepEqual([second.status, second.version, second.previous], ['deployed', '2', '1']);
    assert.notEqual(held().image, before);

    const back = await project.rollBack();
    assert.deepEqual([back.status, back.version, back.message], ['rolledBack', '1', undefined]);
    assert.equal(held().image, before);
    assert.deepEqual(await versions(), ['2', '1*']);
    assert.equal((await project.rollBack('2')).version, '2');
    assert.deepEqual(await versions(), ['2*', '1']);
  });

  const versions = async (): Promise<string[]> => {
    const [found] = await (await project.target()).list();
    return (found?.versions ?? []).map(({ version, current }) => `${version}${current ? '*' : ''}`);
  };

  it('tries a version where no event and no autoscaler finds it', async () => {
    project.container = {
      labels: { 'com.openfaas.scale.min': '2', team: 'a' },
      annotations: { topic: 'orders' },
    };
    const trials: unknown[] = [];
    gateway.answers = ({ service, method, url }) => {
      const { labels, annotations } = gateway.functions.get(service)!;
      trials.push([service, method, url, labels, annotations['topic'], names()]);
      return { status: 200, body: '1' };
    };
    await project.deploy();
    // Cold, and warm.
    const trial = ['hello-next', 'GET', '/', { team: 'a' }, undefined, ['hello-next']];
    assert.deepEqual(trials, [trial, trial]);
    assert.equal(held().annotations['topic'], 'orders');
    assert.equal(held().labels['com.openfaas.scale.min'], '2');
  });

  it('passes on what the stack file says, and compares it by meaning', async () => {
    project.container = {
      labels: { 'com.openfaas.scale.max': '4' },
      annotations: { owner: 'me' },
      secrets: ['api-key'],
      constraints: ['node.platform.os == linux'],
      limits: { memory: '1024Mi', cpu: '0.5' },
      requests: { cpu: '100m' },
      readOnlyRootFilesystem: true,
    };
    project.changes = { memoryMB: 1024 };
    assert.equal((await project.deploy()).status, 'deployed');
    assert.deepEqual(held().secrets, ['api-key']);
    assert.deepEqual(held().limits, { memory: '1024Mi', cpu: '0.5' });
    assert.equal((await project.plan()).change, 'same');

    project.container = {
      ...project.container,
      limits: { memory: '1Gi', cpu: '1' },
      readOnlyRootFilesystem: false,
    };
    project.environment = { ...project.environment, MODE: 'new' };
    const changes = (await project.plan()).fields.filter(({ change }) => change !== 'same');
    assert.deepEqual(changes, [
      { path: 'limits.cpu', change: 'change', before: '0.5', after: '1' },
      { path: 'readOnlyRootFilesystem', change: 'remove', before: 'true' },
      { path: 'environment.MODE', change: 'create' },
    ]);
    proxy.seen.length = 0;
    const sent = project.images.sent.length;
    assert.equal((await project.deploy()).version, '2');
    assert.equal(project.images.sent.length, sent, 'the image is the same');

    const back = await project.rollBack();
    assert.match(back.message ?? '', /variables are not those of version 1: they stay/);
    assert.deepEqual(held().limits, { memory: '1024Mi', cpu: '0.5' });
    assert.deepEqual(held().envVars, { API_TOKEN: secrets.variable, MODE: 'new' });
  });

  it('sees what others changed', async () => {
    await project.deploy();
    held().labels['team'] = 'b';
    held().envVars['ADDED'] = 'x';
    const changes = (await project.plan()).fields.filter(({ change }) => change !== 'same');
    assert.deepEqual(changes, [
      { path: 'labels.team', change: 'remove', before: 'b' },
      { path: 'environment.ADDED', change: 'remove' },
    ]);
    const reference = `ghcr.io/other/hello@sha256:${'1'.repeat(64)}`;
    held().image = reference;
    const plan = await project.plan();
    assert.match(plan.findings.map(({ message }) => message).join(), /not deployed from here.*version 0/);
    const result = await project.deploy();
    assert.deepEqual([result.version, result.previous], ['2', '0'], result.message);
    await project.rollBack('0');
    assert.equal(held().image, reference);
  });

  it('says before anything is sent what is missing', async () => {
    project.container = { secrets: ['other'] };
    project.changes = { namespace: 'dev' };
    await assert.rejects(project.plan(), {
      code: 'CLOUD_REFUSED',
      message: /namespace must be: openfaas-fn/,
    });
    project.images.objection = 'ghcr.io takes no push to me/hello: log in first.';
    project.changes = { triggers: [{ kind: 'timer', name: 'nightly', config: {} }] };
    const found = (await project.plan()).findings.map(({ message }) => message);
    assert.deepEqual(found, [
      'hello: ghcr.io takes no push to me/hello: log in first.',
      `hello: the secret other is not there. Make it: faas-cli secret create other --gateway ${proxy.url}`,
      'hello: its trigger nightly (timer) is not set up by this target.',
    ]);
    await assert.rejects(project.deploy(), { code: 'DEPLOY_BLOCKED' });
    assert.deepEqual(changing(), []);
    project.settings = { gatway: 'x' };
    await assert.rejects(project.plan(), { code: 'TARGET_SETTING', message: /did you mean "gateway"/ });
  });

  it('has no share to give: it says so before anything is sent', async () => {
    await project.deploy();
    project.code = next;
    proxy.seen.length = 0;
    const plan = await project.engine().plan('prod', undefined, { percent: 10 });
    assert.match(plan.functions[0]!.findings[0]!.message, /one version at a time/);
    await assert.rejects(project.deploy({ percent: 10 }), { code: 'DEPLOY_BLOCKED' });
    assert.deepEqual(changing(), []);
  });

  it('keeps to itself whose name somebody else uses for a trial', async () => {
    await project.deploy();
    gateway.functions.set('hello-next', { ...held(), service: 'hello-next', annotations: {} });
    project.code = next;
    const { findings } = await project.plan();
    assert.match(findings.map(({ message }) => message).join(), /tried as hello-next.*another function/);
    await (await project.target()).discard('hello', '2');
    assert.deepEqual(names(), ['hello', 'hello-next']);
  });

  it('takes back a version that does not answer', async () => {
    await project.deploy();
    const before = held().image;
    project.code = next;
    gateway.answers = () => ({
      status: 500,
      headers: { 'X-OpenFaaS-Internal': 'of-watchdog' },
      body: 'no handler',
    });
    const failed = await project.deploy();
    assert.match(failed.message ?? '', /did not answer on prod .*HTTP 500: no handler.*Version 1 goes on/);
    gateway.answers = () => ({ status: 504 });
    assert.match((await project.deploy()).message ?? '', /timeout/);
    assert.deepEqual([names(), held().image], [['hello'], before]);
    // The code answers with an error of its own: it runs.
    gateway.answers = () => ({ status: 500, body: 'wrong event' });
    const answered = await project.deploy();
    assert.match(answered.message ?? '', /with an error: HTTP 500: wrong event/);
    assert.equal(answered.status, 'deployed');
  });

  it('tells a change that the gateway only says it made', async () => {
    await project.deploy();
    const before = held().image;
    project.code = next;
    let looks = 0;
    // The trial is new, and taken; the change of the function itself is not.
    gateway.isPublic = (image) => image === before || looks++ === 0;
    const result = await project.deploy();
    assert.match(result.message ?? '', /said that it changed the function, and did not.*Version 1 goes on/);
    assert.deepEqual([names(), held().image], [['hello'], before]);
    gateway.isPublic = () => true;
    assert.equal((await project.deploy()).status, 'deployed');
  });

  it('says what the community edition does not take', async () => {
    await project.deploy();
    gateway.most = 1;
    project.code = next;
    assert.match((await project.deploy()).message ?? '', /maximum: 1.*Version 1 goes on/);
    gateway.most = 15;
    project.container = { labels: { 'com.openfaas.scale.type': 'capacity' } };
    assert.match((await project.deploy()).message ?? '', /scale\.type not available for Community Edition/);
    gateway.isPublic = () => false;
    project.container = {};
    assert.match((await project.deploy()).message ?? '', /only supports public images/);
    assert.deepEqual(names(), ['hello']);
  });

  it('waits for replicas, and for what goes away slowly', async () => {
    gateway.slow = 3;
    assert.equal((await project.deploy()).status, 'deployed');
    project.code = next;
    const second = await project.deploy();
    assert.deepEqual([second.status, second.version, second.message], ['deployed', '2', undefined]);
  });

  it('calls what serves, once, and reads its log', async () => {
    await project.deploy();
    const target = await project.target();
    const call = { name: 'hello', event: Buffer.from('{"a":1}'), timeoutMs: 1000 };
    const { signal } = new AbortController();
    const seen: unknown[] = [];
    gateway.answers = ({ service, method, body }) => {
      seen.push([service, method, body]);
      return { status: 502, body: 'no replica' };
    };
    const failed = await target.invoke!(call, signal);
    assert.deepEqual([failed.status, failed.message], ['error', 'HTTP 502: no replica']);
    assert.deepEqual(seen, [['hello', 'POST', '{"a":1}']], 'a call is not repeated');
    gateway.answers = () => ({ status: 200, headers: { 'X-Duration-Seconds': '0.25' }, body: 'done' });
    const { body: _body, ...answer } = await target.invoke!(call, signal);
    assert.deepEqual(answer, { answered: true, status: 'ok', durationMs: 250, result: 'done' });
    const since = Date.parse('2026-01-02T03:04:05Z');
    const lines = await target.readLogs!('hello', since, signal);
    assert.deepEqual(
      lines.map(({ time, instance, text }) => [time, instance, text]),
      [[since + 1500, 'hello-5c9f7-x2x4z', 'cannot start']],
    );
    assert.match(
      proxy.seen.at(-1)!,
      /\/system\/logs\?name=hello&follow=false&tail=-1&since=2026-01-02T03%3A04%3A05/,
    );
  });

  it('removes a function and what is left of a trial', async () => {
    await project.deploy();
    const target = await project.target();
    await target.remove('hello');
    assert.deepEqual(names(), []);
    await target.remove('hello');
  });

  const broken = refused(500, 'unable to update');
  const throttled = refused(429, 'too many requests');
  const notFound = refused(
    404,
    'error finding function hello-next: server returned non-200 status code (404)',
  );

  /** A fault that passes: the deploy waits it out. */
  const passing: [string, RegExp, Fault, number?][] = [
    ['throttling of a look', /^GET .*\/hello$/, throttled, 3],
    ['a look that fails', /^GET .*\/hello-next$/, broken, 2],
    ['a trial that the gateway cannot make at first', /^POST /, broken, 2],
    ['a change that the gateway cannot make at first', /^PUT /, broken, 2],
    ['a connection that is cut in the middle of a change', /^PUT /, 'cut', 1],
    ['an answer that is lost after the trial was made', /^POST /, 'lostAnswer', 1],
    ['an answer that is lost after the change', /^PUT /, 'lostAnswer', 1],
    ['an answer that is lost after the trial was removed', /^DELETE /, 'lostAnswer', 1],
    ['a trial that is not found at once', /^GET \/function/, notFound, 2],
    ['a trial that is not reached at once', /^GET \/function/, refused(502, ''), 2],
  ];
  for (const [title, pattern, fault, times] of passing) {
    it(`waits out ${title}`, async () => {
      await project.deploy();
      project.code = next;
      proxy.inject(pattern, fault, times);
      const result = await project.deploy();
      assert.equal(proxy.waiting, 0, 'the fault was met');
      assert.deepEqual([result.status, result.version, result.message], ['deployed', '2', undefined]);
      assert.deepEqual(names(), ['hello']);
    });
  }

  it('makes a function once when the first answer is lost', async () => {
    proxy.inject(/^POST /, 'lostAnswer', 2);
    const result = await project.deploy();
    assert.deepEqual([result.status, result.message, names()], ['deployed', undefined, ['hello']]);
  });

  /** A fault that stays: the version before goes on serving, and the next run completes. */
  const staying: [string, RegExp, Fault, RegExp, number][] = [
    [
      'a trial that is refused',
      /^POST /,
      refused(400, 'bad request'),
      /new function \(HTTP 400\): bad request/,
      1,
    ],
    [
      'credentials that end',
      /^POST /,
      refused(401, `who is ${token}`),
      /OpenFaaS does not take.*\*\*\*.*faas-cli login/,
      1,
    ],
    ['a gateway that stays broken', /^PUT /, broken, /change of a function \(HTTP 500\)/, 6],
    ['a change that is refused', /^PUT /, refused(403, 'no right'), /no right/, 1],
  ];
  for (const [title, pattern, fault, message, times] of staying) {
    it(`fails for ${title}; the version before serves, and the next run completes`, async () => {
      await project.deploy();
      const before = held().image;
      project.code = next;
      proxy.inject(pattern, fault, times);
      const failed = await project.deploy();
      assert.equal(failed.status, 'failed');
      assert.equal(proxy.waiting, 0);
      assert.match(failed.message ?? '', message);
      assert.match(failed.message ?? '', /Version 1 goes on serving\.$/);
      assert.deepEqual([names(), held().image], [['hello'], before]);
      const completed = await project.deploy();
      assert.equal(completed.status, 'deployed', completed.message);
      assert.deepEqual(await versions(), ['2*', '1']);
    });
  }

  it('takes away the next time what could not be taken away', async () => {
    await project.deploy();
    project.code = next;
    proxy.inject(/^DELETE /, refused(400, 'not now'));
    const result = await project.deploy();
    assert.equal(result.status, 'deployed');
    assert.match(result.message ?? '', /hello-next.*still there: .*not now.*Deploy again/);
    assert.deepEqual(names(), ['hello', 'hello-next']);
    const change = (await project.plan()).fields.filter((field) => field.change !== 'same');
    assert.deepEqual(change, [{ path: 'interrupted', change: 'remove', before: 'hello-next' }]);
    assert.equal((await project.deploy()).status, 'deployed');
    assert.deepEqual(names(), ['hello']);
  });

  it('is cancelled at any step: the version before serves, and the next run completes', async () => {
    await project.deploy();
    for (const [index, step] of (['upload', 'apply', 'verify'] as const).entries()) {
      project.code = `exports.handler = async () => ${index + 10};`;
      const before = held().image;
      const cancel = new AbortController();
      const result = await project.deploy({
        signal: cancel.signal,
        onProgress: (now) => {
          if (now.step === step && now.state === 'started') cancel.abort();
        },
      });
      assert.equal(result.status, 'cancelled', step);
      assert.deepEqual([names(), held().image], [['hello'], before]);
      assert.equal((await project.deploy()).status, 'deployed');
    }
  });

  it('does not overwrite what somebody else deployed meanwhile', async () => {
    await project.deploy();
    project.code = next;
    const reference = `ghcr.io/other/hello@sha256:${'2'.repeat(64)}`;
    gateway.answers = () => {
      held().image = reference;
      return { status: 200, body: '2' };
    };
    assert.match((await project.deploy()).message ?? '', /changed by somebody else meanwhile/);
    assert.deepEqual([names(), held().image], [['hello'], reference]);
  });

  it('needs credentials, and lets no password cross a network in clear text', async () => {
    project.places = { ...project.places, read: () => undefined };
    await assert.rejects(project.plan(), {
      code: 'CREDENTIALS_MISSING',
      message: /faas-cli login --gateway http/,
    });
    project.places = { ...project.places, env: { OPENFAAS_PASSWORD: 'wrong-password' } };
    await assert.rejects(project.plan(), { code: 'CREDENTIALS_REFUSED', message: /invalid credentials/ });
    project.places = { ...project.places, env: { OPENFAAS_PASSWORD: secrets.password } };
    assert.equal((await project.plan()).change, 'create');
    project.settings = { gateway: 'http://gateway.example.com' };
    await assert.rejects(project.plan(), { code: 'TARGET_SETTING', message: /without encryption/ });
    project.settings = { gateway: `https://admin:${secrets.password}@gateway.example.com` };
    await assert.rejects(project.plan(), { code: 'TARGET_SETTING', message: /faas-cli login/ });
  });

  it('refuses answers that are not as documented, and says where', async () => {
    await project.deploy();
    proxy.rewrite = (what, body) =>
      /\/hello$/.test(what) ? body.replace(/"image":"[^"]*"/, '"image":1') : body;
    await assert.rejects(project.plan(), { code: 'CLOUD_REFUSED', message: /not as documented at image/ });
    proxy.rewrite = () => '<html>';
    await assert.rejects(project.plan(), { code: 'CLOUD_REFUSED', message: /not as documented/ });
  });

  it('says that the gateway cannot be reached', async () => {
    project.settings = { gateway: 'http://127.0.0.1:1' };
    project.places = { ...project.places, read: () => undefined };
    await assert.rejects(project.plan(), { code: 'CLOUD_UNREACHABLE', message: /127\.0\.0\.1:1/ });
  });
});

function refused(status: number, text: string): Fault {
  return { status, body: text };
}
