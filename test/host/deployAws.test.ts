import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { DeployEngine, type ApplyOptions } from '../../runtime/deploy/engine.ts';
import { openAwsLambda } from '../../runtime/deploy/aws-lambda/index.ts';
import type { DeployInput, Verification } from '../../runtime/deploy/target.ts';
import type { DeployPlan, DeployProgress, DeployResult } from '../../runtime/model/deploy.ts';
import { builtFile, createArchive } from '../../runtime/packaging/archive.ts';
import { findPlatform } from '../../runtime/platforms/index.ts';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../support/faultyProxy.ts';
import { functionDefinition } from '../support/functionDefinition.ts';
import { motoIsInstalled, startMoto, type MotoServer } from '../support/motoServer.ts';

const skip = motoIsInstalled() ? false : 'moto_server is not installed (Python package moto).';
const secret = 'planted-secret-in-env';
const keySecret = 'planted-secret-access-key';
const role = 'arn:aws:iam::123456789012:role/functions';

/** A project of one function, and what is deployed of it. */
class Project {
  readonly proxy: FaultyProxy;
  readonly name: string;
  code = 'exports.handler = async () => 1;';
  memoryMB = 256;
  environment: Record<string, string> = { API_TOKEN: secret };
  here: Verification = { answered: true, status: 'ok', durationMs: 1, result: '1' };
  settings: Record<string, unknown> = {};
  /** Everything that was told to anybody. */
  readonly told: unknown[] = [];

  constructor(proxy: FaultyProxy, name: string) {
    this.proxy = proxy;
    this.name = name;
  }

  engine(): DeployEngine {
    const definition = {
      ...functionDefinition('/p', { name: this.name }),
      runtime: 'nodejs22.x',
      memoryMB: this.memoryMB,
    };
    const input: DeployInput = { definition, environment: this.environment, runnable: true, findings: [] };
    const start = { entry: 'index.js', loader: 'script', exportName: 'handler' } as const;
    const settings = { region: 'us-east-1', role, endpoint: this.proxy.url, ...this.settings };
    return new DeployEngine({
      read: () => Promise.resolve([input]),
      archive: () =>
        Promise.resolve(createArchive([builtFile('index.js', Buffer.from(this.code))], start, [])),
      platform: ({ platform }) => findPlatform(platform),
      target: () =>
        openAwsLambda('prod', settings, {
          functions: () => Promise.resolve([definition]),
          sampleEvent: () => ({ event: Buffer.from('{}') }),
        }),
      rehearse: () => Promise.resolve(this.here),
      now: () => 0,
    });
  }

  async plan(): Promise<DeployPlan> {
    const plan = await this.engine().plan('prod');
    this.told.push(plan);
    return plan;
  }

  async deploy(options: Partial<ApplyOptions> = {}): Promise<DeployResult['functions'][number]> {
    const engine = this.engine();
    const progress: DeployProgress[] = [];
    const plan = await engine.plan('prod');
    const result = await engine.apply(plan.id, {
      signal: new AbortController().signal,
      ...options,
      onProgress: (step) => {
        progress.push(step);
        options.onProgress?.(step);
      },
    });
    this.told.push(plan, progress, result);
    return result.functions[0]!;
  }

  /** The version that callers of the alias get, read by nothing of ours. */
  async served(): Promise<string | undefined> {
    const url = `${this.proxy.url}/2015-03-31/functions/${this.name}/aliases/live`;
    const answer = await fetch(url, { headers: addressed('lambda') });
    return answer.ok ? ((await answer.json()) as { FunctionVersion: string }).FunctionVersion : undefined;
  }
}

describe('deploying to AWS Lambda', { skip }, () => {
  let moto: MotoServer;
  let proxy: FaultyProxy;
  let project: Project;
  let number = 0;
  const environment = { ...process.env };

  before(async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: keySecret,
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    moto = await startMoto();
    await createRole(moto.url);
  });
  after(() => {
    process.env = environment;
    moto?.stop();
  });
  beforeEach(async () => {
    proxy = await startFaultyProxy(moto.url);
    project = new Project(proxy, `fn-${++number}`);
  });
  afterEach(async () => {
    await proxy.close();
    const everything = JSON.stringify(project.told);
    for (const hidden of [secret, keySecret]) assert.ok(!everything.includes(hidden), 'a secret was told');
  });

  it('creates, leaves alone, changes, and rolls back', async () => {
    const first = await project.deploy();
    assert.deepEqual([first.status, first.version], ['deployed', '1'], first.message);
    assert.equal(await project.served(), '1');

    proxy.seen.length = 0;
    assert.equal((await project.deploy()).status, 'unchanged');
    assert.deepEqual(
      proxy.seen.filter(
        (what) => !what.startsWith('GET') && !what.startsWith('POST / ') && what !== 'POST /',
      ),
      [],
      'nothing is changed, nothing is sent',
    );

    project.code = 'exports.handler = async () => 2;';
    const plan = await project.plan();
    assert.equal(plan.functions[0]!.package.unchanged, false);
    const second = await project.deploy();
    assert.deepEqual(
      [second.status, second.version, second.previous],
      ['deployed', '2', '1'],
      second.message,
    );
    assert.equal(await project.served(), '2');

    const back = (await project.engine().rollBack('prod', project.name)).functions[0]!;
    assert.deepEqual([back.status, back.version], ['rolledBack', '1']);
    assert.equal(await project.served(), '1');
  });

  it('changes the configuration without sending the code again', async () => {
    await project.deploy();
    project.memoryMB = 512;
    project.environment = { API_TOKEN: secret, MODE: 'new' };
    const changes = (await project.plan()).functions[0]!.fields.filter(({ change }) => change !== 'same');
    assert.deepEqual(changes, [
      { path: 'memoryMB', change: 'change', before: '256', after: '512' },
      { path: 'environment.MODE', change: 'create' },
    ]);
    proxy.seen.length = 0;
    assert.equal((await project.deploy()).version, '2');
    assert.ok(!proxy.seen.some((what) => /PUT .*\/code/.test(what)));
  });

  it('gives a new version a share of the calls, and all of them the next time', async () => {
    await project.deploy();
    project.code = 'exports.handler = async () => 2;';
    const shared = await project.deploy({ percent: 10 });
    assert.equal(shared.status, 'deployed');
    assert.match(shared.message ?? '', /10 % of the calls go to version 2, the others to 1/);
    assert.equal(await project.served(), '1');
    assert.equal((await project.deploy()).status, 'deployed');
    assert.equal(await project.served(), '2');
  });

  it('says before anything is sent what is missing', async () => {
    project.settings = { role: 'arn:aws:iam::123456789012:role/nobody' };
    const findings = (await project.plan()).functions[0]!.findings;
    assert.match(findings.map(({ message }) => message).join(), /there is no role .*nobody/);
    project.settings = { role: undefined };
    assert.match((await project.plan()).functions[0]!.findings[0]!.message, /needs a role/);
    await assert.rejects(project.deploy(), { code: 'DEPLOY_BLOCKED' });
    project.settings = { regoin: 'x' };
    await assert.rejects(project.plan(), { code: 'TARGET_SETTING', message: /did you mean "region"/ });
  });

  const throttled = aws(429, 'TooManyRequestsException', 'Rate exceeded');
  const broken = aws(500, 'ServiceException', 'Something went wrong');
  const busy = aws(409, 'ResourceConflictException', 'An update is in progress for this function.');
  const expired = aws(403, 'ExpiredTokenException', 'The security token included in the request is expired');
  const denied = aws(403, 'AccessDeniedException', 'User is not authorized to perform this');
  const overtaken = aws(412, 'PreconditionFailedException', 'The RevisionId provided does not match.');

  /** A fault that passes: the deploy waits it out. */
  const passing: [string, RegExp, Fault, number?][] = [
    ['throttling of a look', /^GET .*\/functions\/fn/, throttled, 3],
    ['throttling of the upload', /^PUT .*\/code/, throttled, 2],
    ['failures of the service while publishing', /^POST .*\/versions$/, broken, 2],
    ['another change under way', /^PUT .*\/code/, busy, 2],
    ['a connection that is cut in the middle of the upload', /^PUT .*\/code/, 'cut', 1],
    ['an answer that is lost after the upload', /^PUT .*\/code/, 'lostAnswer', 1],
  ];
  for (const [title, pattern, fault, times] of passing) {
    it(`waits out ${title}`, async () => {
      await project.deploy();
      project.code = 'exports.handler = async () => 2;';
      proxy.inject(pattern, fault, times);
      const result = await project.deploy();
      assert.equal(proxy.waiting, 0, 'the fault was met');
      assert.equal(result.status, 'deployed', result.message);
      assert.equal(await project.served(), result.version);
    });
  }

  /** A fault that stays: the version before goes on serving, and the next run completes. */
  const staying: [string, RegExp, Fault, RegExp, number][] = [
    [
      'a token that expires during the upload',
      /^PUT .*\/code/,
      expired,
      /ExpiredTokenException.*Sign in again/,
      1,
    ],
    ['a right that is missing', /^POST .*\/versions$/, denied, /lambda:PublishVersion/, 1],
    ['somebody who changes it at the same time', /^PUT .*\/code/, overtaken, /changed by somebody else/, 1],
    ['a service that stays broken', /^PUT .*\/code/, broken, /ServiceException/, 6],
    ['an alias that cannot be moved', /^PUT .*\/aliases/, denied, /lambda:UpdateAlias/, 1],
  ];
  for (const [title, pattern, fault, message, times] of staying) {
    it(`fails for ${title}; the version before serves, and the next run completes`, async () => {
      await project.deploy();
      project.code = 'exports.handler = async () => 2;';
      proxy.inject(pattern, fault, times);
      const failed = await project.deploy();
      assert.equal(failed.status, 'failed');
      assert.match(failed.message ?? '', message);
      assert.match(failed.message ?? '', /Version 1 goes on serving\.$/);
      assert.equal(await project.served(), '1');
      const completed = await project.deploy();
      assert.equal(completed.status, 'deployed', completed.message);
      assert.equal(await project.served(), completed.version);
    });
  }

  it('is cancelled at any step: the version before serves, and the next run completes', async () => {
    await project.deploy();
    for (const [index, step] of (['upload', 'apply', 'verify'] as const).entries()) {
      project.code = `exports.handler = async () => ${index + 10};`;
      const before = await project.served();
      const cancel = new AbortController();
      const result = await project.deploy({
        signal: cancel.signal,
        onProgress: (now) => {
          if (now.step === step && now.state === 'started') cancel.abort();
        },
      });
      assert.equal(result.status, 'cancelled', step);
      assert.equal(await project.served(), before);
      assert.equal((await project.deploy()).status, 'deployed');
    }
  });

  it('waits for a change that AWS takes its time for', async () => {
    await project.deploy();
    project.code = 'exports.handler = async () => 2;';
    let left = 3;
    proxy.rewrite = (what, body) =>
      what.startsWith('GET') && proxy.seen.some((seen) => /PUT .*\/code/.test(seen)) && left > 0 && left-- > 0
        ? body
            .replace('"LastUpdateStatus": "Successful"', '"LastUpdateStatus": "InProgress"')
            .replace('"LastUpdateStatus":"Successful"', '"LastUpdateStatus":"InProgress"')
        : body;
    assert.equal((await project.deploy()).status, 'deployed');
    assert.equal(left, 0);
  });

  it('waits until a new role is known, and not for ever for a wrong one', async () => {
    const unknown = aws(
      400,
      'InvalidParameterValueException',
      'The role defined for the function cannot be assumed by Lambda.',
    );
    proxy.inject(/^POST .*\/functions$/, unknown, 2);
    const result = await project.deploy();
    assert.equal(result.status, 'deployed', result.message);
    assert.equal(proxy.waiting, 0);
  });

  it('says where credentials are looked for, when there are none', async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
    delete process.env['AWS_ACCESS_KEY_ID'];
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nowhere/credentials';
    process.env['AWS_CONFIG_FILE'] = '/nowhere/config';
    try {
      await assert.rejects(project.plan(), { code: 'CREDENTIALS_MISSING', message: /aws configure/ });
    } finally {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
      delete process.env['AWS_SHARED_CREDENTIALS_FILE'];
      delete process.env['AWS_CONFIG_FILE'];
    }
  });

  it('says that AWS cannot be reached', async () => {
    project.settings = { endpoint: 'http://127.0.0.1:1' };
    await assert.rejects(project.plan(), { code: 'CLOUD_UNREACHABLE', message: /127\.0\.0\.1:1/ });
  });
});

function aws(status: number, code: string, message: string): Fault {
  return { status, headers: { 'x-amzn-errortype': code }, body: { Type: 'User', message, Message: message } };
}

/** A role as somebody would have made it before. */
async function createRole(url: string): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
  const body = new URLSearchParams({
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: 'functions',
    AssumeRolePolicyDocument: JSON.stringify(trust),
  });
  const answer = await fetch(url, { method: 'POST', body, headers: addressed('iam') });
  assert.ok(answer.ok, await answer.text());
}

/** The emulator tells services apart by the scope of a signature, which it does not check. */
function addressed(service: string): Record<string, string> {
  const scope = `x/20260101/us-east-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=x` };
}
