import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { TriggerDefinition } from '../../runtime/model/functionDefinition.ts';
import fc from '@alicloud/fc20230330';
import type * as SdkModule from '@alicloud/fc20230330';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../support/faultyProxy.ts';
import { FcProject, secrets } from '../support/fc/fcProject.ts';
import { startFcServer, type FcServer } from '../support/fc/fcServer.ts';

// The package is CommonJS whose client is the default among its exports.
const { default: Client } = fc as unknown as typeof SdkModule.default;

const http: TriggerDefinition = {
  kind: 'http',
  name: 'web',
  path: '/hello/*',
  mount: '/hello',
  methods: ['GET', 'POST'],
  shape: 'fc3',
};
const timer: TriggerDefinition = { kind: 'timer', name: 'nightly', config: { cron: '0 0 4 * * *' } };

describe('deploying to Function Compute', () => {
  let server: FcServer;
  let proxy: FaultyProxy;
  let project: FcProject;

  beforeEach(async () => {
    server = await startFcServer({
      id: 'LTAIexample',
      secret: secrets.key,
      securityToken: secrets.token,
    });
    proxy = await startFaultyProxy(server.url);
    project = new FcProject(proxy.url, 'hello');
  });
  afterEach(async () => {
    await proxy.close();
    await server.close();
    const everything = JSON.stringify(project.told);
    for (const hidden of Object.values(secrets)) assert.ok(!everything.includes(hidden), 'a secret was told');
    assert.deepEqual(server.objections, []);
  });

  const served = (): unknown => server.state.served('hello');
  const changing = (): string[] => proxy.seen.filter((what) => !what.startsWith('GET'));

  it('creates, leaves alone, changes, and rolls back', async () => {
    const first = await project.deploy();
    assert.deepEqual([first.status, first.version], ['deployed', '1'], first.message);
    assert.equal(served(), '1');
    assert.deepEqual(server.state.functions.get('hello')!.latest['environmentVariables'], {
      API_TOKEN: secrets.variable,
    });

    proxy.seen.length = 0;
    assert.equal((await project.deploy()).status, 'unchanged');
    assert.deepEqual(changing(), [], 'nothing is changed, nothing is sent');

    project.code = 'exports.handler = async () => 2;';
    assert.equal((await project.plan()).package.unchanged, false);
    const second = await project.deploy();
    assert.deepEqual([second.status, second.version, second.previous], ['deployed', '2', '1']);
    assert.equal(served(), '2');

    const back = await project.rollBack();
    assert.deepEqual([back.status, back.version], ['rolledBack', '1']);
    assert.equal(served(), '1');
  });

  it('changes the configuration without sending the code again, and leaves alone what it does not know', async () => {
    await project.deploy();
    const { latest } = server.state.functions.get('hello')!;
    latest['vpcConfig'] = { vpcId: 'vpc-1' };
    project.changes = { memoryMB: 2048, initializer: { handler: 'index.init', timeoutMs: 5000 } };
    project.environment = { API_TOKEN: secrets.variable, MODE: 'new' };
    const changes = (await project.plan()).fields.filter(({ change }) => change !== 'same');
    assert.deepEqual(changes, [
      { path: 'initializer', change: 'create', after: 'index.init, 5 s' },
      { path: 'memoryMB', change: 'change', before: '256', after: '2048' },
      { path: 'environment.MODE', change: 'create' },
    ]);
    const sent = latest['codeChecksum'];
    const result = await project.deploy();
    assert.equal(result.version, '2', result.message);
    assert.equal(changing().filter((what) => what.startsWith('PUT /2023-03-30/functions/hello ')).length, 0);
    assert.deepEqual(
      [latest['codeChecksum'], latest['vpcConfig'], latest['memorySize'], latest['cpu']],
      [sent, { vpcId: 'vpc-1' }, 2048, 0.5],
    );
    assert.equal((await project.plan()).change, 'same');
    project.changes = { memoryMB: 2048 };
    assert.equal((await project.deploy()).status, 'deployed');
    assert.equal((await project.plan()).change, 'same');
  });

  it('gives a new version a share of the calls, and all of them the next time', async () => {
    await project.deploy();
    project.code = 'exports.handler = async () => 2;';
    const shared = await project.deploy({ percent: 10 });
    assert.match(shared.message ?? '', /10 % of the calls go to version 2, the others to 1/);
    const alias = () => server.state.functions.get('hello')!.aliases.get('live')!;
    assert.deepEqual([served(), alias()['additionalVersionWeight']], ['1', { 2: 0.1 }]);
    assert.deepEqual(await project.versions(), ['2 false 10', '1 true 90']);
    assert.equal((await project.rollBack()).version, '1', 'what serves gets all calls again');
    assert.deepEqual(alias()['additionalVersionWeight'], {});
    assert.deepEqual(await project.versions(), ['2 false undefined', '1 true undefined']);
    await project.deploy({ percent: 10 });
    assert.equal((await project.deploy()).status, 'deployed');
    assert.equal(
      alias()['additionalVersionWeight'] && Object.keys(alias()['additionalVersionWeight']!).length,
      0,
    );
    assert.equal(served(), '2');
    assert.equal((await project.rollBack()).version, '1');
  });

  it('sets triggers up on the alias, asks callers of the URL to sign, and compares them the next time', async () => {
    project.changes = {
      triggers: [
        http,
        timer,
        {
          kind: 'storage',
          name: 'uploads',
          config: { type: 'oss', bucketName: 'photos', events: ['oss:ObjectCreated:*'] },
        },
        { kind: 'queue', name: 'topic', config: { type: 'mns_topic' } },
      ],
    };
    project.settings = { accountId: '1234567890', triggerRole: 'acs:ram::1234567890:role/oss' };
    const { findings } = await project.plan();
    assert.deepEqual(
      findings.map(({ message }) => message),
      [
        'hello: its trigger topic (mns_topic) is not set up: its triggerConfig lacks notifyContentFormat, notifyStrategy.',
      ],
    );
    const result = await project.deploy();
    assert.equal(result.message, undefined);
    assert.deepEqual(result.urls, ['https://hello-x.cn-hangzhou.fcapp.run']);
    const { triggers } = server.state.functions.get('hello')!;
    const shown = [...triggers.values()].map(({ triggerName, qualifier, triggerConfig, sourceArn }) => [
      ...[triggerName, qualifier, sourceArn, JSON.parse(String(triggerConfig)) as unknown],
    ]);
    assert.deepEqual(shown, [
      [
        ...['web', 'live', undefined],
        { authType: 'function', methods: ['GET', 'POST'], disableURLInternet: false },
      ],
      ['nightly', 'live', undefined, { cronExpression: '0 0 4 * * *', enable: true, payload: '' }],
      [
        ...['uploads', 'live', 'acs:oss:cn-hangzhou:1234567890:photos'],
        { events: ['oss:ObjectCreated:*'], filter: { key: { prefix: '', suffix: '' } } },
      ],
    ]);
    assert.equal((await project.plan()).change, 'same');

    project.settings = { ...project.settings, url: 'public' };
    const plan = await project.plan();
    assert.match(plan.findings.map(({ message }) => message).join(), /open to everybody/);
    assert.deepEqual(
      plan.fields.filter(({ change }) => change !== 'same'),
      [
        {
          path: 'triggers.web',
          change: 'change',
          before: 'http function GET,POST',
          after: 'http anonymous GET,POST',
        },
      ],
    );
    assert.equal((await project.deploy()).status, 'deployed');
    assert.match(String(triggers.get('web')!['triggerConfig']), /anonymous/);
  });

  it('completes triggers that failed the next time, when the version serves already', async () => {
    server.state.refusesUnchanged = true;
    // So that it does not look like what was published, and is refused.
    proxy.rewrite = (what, body) => (/qualifier=1$/.test(what) ? body.replace('{', '{"more":1,') : body);
    project.changes = { triggers: [timer] };
    proxy.inject(/^POST .*\/triggers$/, refused(403, 'AccessDenied', 'no right'));
    const first = await project.deploy();
    assert.equal(first.status, 'deployed');
    assert.match(first.message ?? '', /trigger nightly is not set up: .*fc:CreateTrigger.*Deploy again/);
    const second = await project.deploy();
    assert.deepEqual([second.status, second.version, second.message], ['deployed', '1', undefined]);
    assert.equal((await project.plan()).change, 'same');
  });

  it('says before anything is sent what is missing', async () => {
    project.changes = { runtime: undefined as never, temporaryMB: 700 };
    const found = (await project.plan()).findings.map(({ message }) => message).join('\n');
    assert.match(found, /Set runtime:/);
    assert.match(found, /700 MB; Function Compute takes 512 or 10240/);
    await assert.rejects(project.deploy(), { code: 'DEPLOY_BLOCKED' });
    assert.deepEqual(changing(), []);
    project.settings = { regoin: 'x' };
    await assert.rejects(project.plan(), { code: 'TARGET_SETTING', message: /did you mean "region"/ });
  });

  it("leaves what the cloud's own SDK reads", async () => {
    await project.deploy();
    const client = new Client({
      endpoint: new URL(server.url).host,
      protocol: 'HTTP',
      regionId: 'cn-hangzhou',
      accessKeyId: 'LTAIexample',
      accessKeySecret: secrets.key,
      securityToken: secrets.token,
      toMap: () => ({}),
      validate: () => {},
    } as never);
    assert.equal((await client.getAlias('hello', 'live')).body?.versionId, '1');
  });

  it('takes back a version that does not answer', async () => {
    await project.deploy();
    const failure = { errorType: 'ImportModuleError', errorMessage: 'Cannot find module' };
    server.state.invoked = () => ({
      status: 200,
      headers: { 'X-Fc-Error-Type': 'UnhandledInvocationError' },
      body: failure,
    });
    project.code = 'exports.handler = async () => 2;';
    const result = await project.deploy();
    assert.match(result.message ?? '', /did not answer on prod .*ImportModuleError.*Version 1 goes on/);
    assert.deepEqual([served(), [...server.state.functions.get('hello')!.versions.keys()]], ['1', ['1']]);
    server.state.invoked = () => ({ status: 502, body: { Code: 'FunctionNotStarted', Message: 'no' } });
    assert.match((await project.deploy()).message ?? '', /FunctionNotStarted/);
    assert.equal(served(), '1');
  });

  it('removes a function with all that belongs to it', async () => {
    project.changes = { triggers: [timer], provision: { defaultTarget: 1 } };
    await project.deploy();
    const { openAliyunFc } = await import('../../runtime/deploy/aliyun-fc/index.ts');
    const target = await openAliyunFc(
      'prod',
      { endpoint: proxy.url, region: 'cn-hangzhou' },
      { functions: () => Promise.resolve([]) },
      { places: project.places, pollMs: 1 },
    );
    await target.remove('hello');
    assert.equal(server.state.functions.size, 0);
    await target.remove('hello');
  });

  const throttled = refused(429, 'ResourceExhausted', 'too many requests');
  const throttledByGateway = refused(400, 'Throttling.User', 'Request was denied due to user flow control.');
  const broken = refused(500, 'InternalServerError', 'an internal error has occurred');
  const busy = refused(409, 'FunctionNotReady', 'a change is under way');
  const expired = refused(403, 'InvalidSecurityToken.Expired', `token ${secrets.token} has expired`);
  const denied = refused(403, 'AccessDenied', 'the caller is not authorized');
  const overtaken = refused(412, 'PreconditionFailed', 'changed meanwhile');

  /** A fault that passes: the deploy waits it out, and makes one version. */
  const passing: [string, RegExp, Fault, number?][] = [
    ['throttling of a look', /^GET .*\/functions\/hello/, throttled, 3],
    ['throttling of the upload', /^PUT .*\/hello$/, throttledByGateway, 2],
    ['failures of the service while publishing', /^POST .*\/versions$/, broken, 2],
    ['another change under way', /^PUT .*\/hello$/, busy, 2],
    ['a connection that is cut in the middle of the upload', /^PUT .*\/hello$/, 'cut', 1],
    ['an answer that is lost after the upload', /^PUT .*\/hello$/, 'lostAnswer', 1],
    ['an answer that is lost after publishing', /^POST .*\/versions$/, 'lostAnswer', 1],
    ['an answer that is lost after moving the alias', /^PUT .*\/aliases/, 'lostAnswer', 1],
    [
      'a version that is not known at once',
      /^POST .*\/invocations/,
      refused(404, 'VersionNotFound', 'no'),
      2,
    ],
  ];
  for (const [title, pattern, fault, times] of passing) {
    it(`waits out ${title}`, async () => {
      await project.deploy();
      project.code = 'exports.handler = async () => 2;';
      proxy.inject(pattern, fault, times);
      const result = await project.deploy();
      assert.equal(proxy.waiting, 0, 'the fault was met');
      assert.deepEqual([result.status, result.version], ['deployed', '2'], result.message);
      assert.equal(served(), '2');
      assert.equal(server.state.functions.get('hello')!.versions.size, 2);
    });
  }

  for (const path of [/^POST .*\/functions$/, /^POST .*\/aliases$/, /^POST .*\/triggers$/]) {
    it(`makes something once when the first answer is lost: ${path.source}`, async () => {
      project.changes = { triggers: [timer] };
      proxy.inject(path, 'lostAnswer');
      const result = await project.deploy();
      assert.deepEqual([result.status, result.message, served()], ['deployed', undefined, '1']);
      assert.equal(proxy.waiting, 0);
    });
  }

  /** A fault that stays: the version before goes on serving, and the next run completes. */
  const staying: [string, RegExp, Fault, RegExp, number][] = [
    [
      'a token that expires during the upload',
      ...([
        /^PUT .*\/hello$/,
        expired,
        /InvalidSecurityToken.Expired.*\*\*\*.*new temporary credentials/,
        1,
      ] as const),
    ],
    ['a right that is missing', /^POST .*\/versions$/, denied, /fc:PublishFunctionVersion/, 1],
    ['somebody who changes it at the same time', /^PUT .*\/hello$/, overtaken, /changed by somebody else/, 1],
    ['a service that stays broken', /^PUT .*\/hello$/, broken, /InternalServerError/, 6],
    ['a service that stays broken while publishing', /^POST .*\/versions$/, broken, /InternalServerError/, 6],
    ['an alias that cannot be moved', /^PUT .*\/aliases/, denied, /fc:UpdateAlias/, 1],
  ];
  for (const [title, pattern, fault, message, times] of staying) {
    it(`fails for ${title}; the version before serves, and the next run completes`, async () => {
      await project.deploy();
      project.code = 'exports.handler = async () => 2;';
      proxy.inject(pattern, fault, times);
      const failed = await project.deploy();
      assert.equal(failed.status, 'failed');
      assert.equal(proxy.waiting, 0);
      assert.match(failed.message ?? '', message);
      assert.match(failed.message ?? '', /Version 1 goes on serving\.$/);
      assert.equal(served(), '1');
      const completed = await project.deploy();
      assert.equal(completed.status, 'deployed', completed.message);
      assert.equal(served(), completed.version);
    });
  }

  it('never rolls back to a version that was published, but did not serve', async () => {
    await project.deploy();
    project.code = 'exports.handler = async () => 2;';
    proxy.inject(/^POST .*\/invocations/, denied);
    // As a deploy that is killed: what it published stays.
    proxy.inject(/^DELETE /, denied);
    assert.equal((await project.deploy()).status, 'failed');
    project.code = 'exports.handler = async () => 3;';
    assert.equal((await project.deploy()).version, '3');
    const back = await project.rollBack();
    assert.deepEqual([back.version, served()], ['1', '1']);
  });

  it('is cancelled at any step: the version before serves, and the next run completes', async () => {
    await project.deploy();
    for (const [index, step] of (['upload', 'apply', 'verify'] as const).entries()) {
      project.code = `exports.handler = async () => ${index + 10};`;
      const before = served();
      const cancel = new AbortController();
      const result = await project.deploy({
        signal: cancel.signal,
        onProgress: (now) => {
          if (now.step === step && now.state === 'started') cancel.abort();
        },
      });
      assert.equal(result.status, 'cancelled', step);
      assert.equal(served(), before);
      assert.equal((await project.deploy()).status, 'deployed');
    }
  });

  it('waits for changes that take their time, and for a version that spreads slowly', async () => {
    server.state.slow = 3;
    server.state.spread = 3;
    assert.equal((await project.deploy()).status, 'deployed');
    project.code = 'exports.handler = async () => 2;';
    project.changes = { memoryMB: 512 };
    const result = await project.deploy();
    assert.deepEqual([result.status, served()], ['deployed', '2'], result.message);
  });

  it('refuses a key that the cloud does not take, and says what to check', async () => {
    project.places = {
      ...project.places,
      env: { ...project.places.env, ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'wrong' },
    };
    await assert.rejects(project.plan(), {
      code: 'CREDENTIALS_REFUSED',
      message: /SignatureNotMatch.*clock/,
    });
    project.places = {
      ...project.places,
      env: { ...project.places.env, ALIBABA_CLOUD_ACCESS_KEY_ID: 'other' },
    };
    await assert.rejects(project.plan(), { code: 'CREDENTIALS_REFUSED', message: /InvalidAccessKeyId/ });
    project.places = { ...project.places, env: {} };
    await assert.rejects(project.plan(), { code: 'CREDENTIALS_MISSING', message: /aliyun configure/ });
  });

  it('refuses answers that are not as documented, and says where', async () => {
    await project.deploy();
    proxy.rewrite = (what, body) =>
      /GET .*\/hello\?/.test(what) ? body.replace(/"memorySize":\d+/, '"memorySize":"much"') : body;
    await assert.rejects(project.plan(), { code: 'CLOUD_REFUSED', message: /GetFunction.*at memorySize/ });
    proxy.rewrite = () => '<html>';
    await assert.rejects(project.plan(), { code: 'CLOUD_REFUSED', message: /not as documented/ });
  });

  it('says that the cloud cannot be reached', async () => {
    project.settings = { endpoint: 'http://127.0.0.1:1' };
    await assert.rejects(project.plan(), { code: 'CLOUD_UNREACHABLE', message: /127\.0\.0\.1:1/ });
  });
});

function refused(status: number, code: string, message: string): Fault {
  return { status, body: { Code: code, Message: message, RequestId: 'r-1' } };
}
