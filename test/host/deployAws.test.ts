import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { role, secrets } from '../support/aws/awsProject.ts';
import { needsCli, refused, useAws, withoutMoto } from '../support/aws/awsScene.ts';
import { createBucket, readByCli } from '../support/aws/emulator.ts';
import type { Fault } from '../support/faultyProxy.ts';

describe('deploying to AWS Lambda', { skip: withoutMoto }, () => {
  const aws = useAws();

  it('creates, leaves alone, changes, and rolls back', async () => {
    const first = await aws.project.deploy();
    assert.deepEqual([first.status, first.version], ['deployed', '1'], first.message);
    assert.equal(await aws.project.served(), '1');

    aws.proxy.seen.length = 0;
    assert.equal((await aws.project.deploy()).status, 'unchanged');
    assert.deepEqual(
      aws.proxy.seen.filter(
        (what) => !what.startsWith('GET') && !what.startsWith('POST / ') && what !== 'POST /',
      ),
      [],
      'nothing is changed, nothing is sent',
    );

    aws.project.code = 'exports.handler = async () => 2;';
    const plan = await aws.project.plan();
    assert.equal(plan.functions[0]!.package.unchanged, false);
    const second = await aws.project.deploy();
    assert.deepEqual(
      [second.status, second.version, second.previous],
      ['deployed', '2', '1'],
      second.message,
    );
    assert.equal(await aws.project.served(), '2');

    const back = (await aws.project.engine().rollBack('prod', aws.project.name)).functions[0]!;
    assert.deepEqual([back.status, back.version], ['rolledBack', '1']);
    assert.equal(await aws.project.served(), '1');
  });

  it('changes the configuration without sending the code again', async () => {
    await aws.project.deploy();
    aws.project.changes = { memoryMB: 512 };
    aws.project.environment = { API_TOKEN: secrets.variable, MODE: 'new' };
    const changes = (await aws.project.plan()).functions[0]!.fields.filter(({ change }) => change !== 'same');
    assert.deepEqual(changes, [
      { path: 'memoryMB', change: 'change', before: '256', after: '512' },
      { path: 'environment.MODE', change: 'create' },
    ]);
    aws.proxy.seen.length = 0;
    assert.equal((await aws.project.deploy()).version, '2');
    assert.ok(!aws.proxy.seen.some((what) => /PUT .*\/code/.test(what)));
  });

  it('gives a new version a share of the calls, and all of them the next time', async () => {
    await aws.project.deploy();
    aws.project.code = 'exports.handler = async () => 2;';
    const shared = await aws.project.deploy({ percent: 10 });
    assert.equal(shared.status, 'deployed');
    assert.match(shared.message ?? '', /10 % of the calls go to version 2, the others to 1/);
    assert.equal(await aws.project.served(), '1');
    assert.deepEqual(await aws.project.versions(), ['2 false 10', '1 true 90']);
    const back = (await aws.project.engine().rollBack('prod', aws.project.name)).functions[0]!;
    assert.equal(back.version, '1', 'what serves gets all calls again');
    assert.deepEqual(await aws.project.versions(), ['2 false undefined', '1 true undefined']);
    await aws.project.deploy({ percent: 10 });
    assert.equal((await aws.project.deploy()).status, 'deployed');
    assert.equal(await aws.project.served(), '2');
  });

  it('says before anything is sent what is missing', async () => {
    aws.project.settings = { role: 'arn:aws:iam::123456789012:role/nobody' };
    const findings = (await aws.project.plan()).functions[0]!.findings;
    assert.match(findings.map(({ message }) => message).join(), /there is no role .*nobody/);
    aws.project.settings = { role: undefined };
    assert.match((await aws.project.plan()).functions[0]!.findings[0]!.message, /needs a role/);
    await assert.rejects(aws.project.deploy(), { code: 'DEPLOY_BLOCKED' });
    aws.project.settings = { regoin: 'x' };
    await assert.rejects(aws.project.plan(), { code: 'TARGET_SETTING', message: /did you mean "region"/ });
  });

  const absent = refused(404, 'ResourceNotFoundException', 'Function not found: 2');
  const throttled = refused(429, 'TooManyRequestsException', 'Rate exceeded');
  const broken = refused(500, 'ServiceException', 'Something went wrong');
  const busy = refused(409, 'ResourceConflictException', 'An update is in progress for this function.');
  const expired = refused(
    403,
    'ExpiredTokenException',
    'The security token included in the request is expired',
  );
  const denied = refused(403, 'AccessDeniedException', 'User is not authorized to perform this');
  const overtaken = refused(412, 'PreconditionFailedException', 'The RevisionId provided does not match.');

  /** A fault that passes: the deploy waits it out. */
  const passing: [string, RegExp, Fault, number?][] = [
    ['throttling of a look', /^GET .*\/functions\/fn/, throttled, 3],
    ['throttling of the upload', /^PUT .*\/code/, throttled, 2],
    ['failures of the service while publishing', /^POST .*\/versions$/, broken, 2],
    ['another change under way', /^PUT .*\/code/, busy, 2],
    ['a connection that is cut in the middle of the upload', /^PUT .*\/code/, 'cut', 1],
    ['an answer that is lost after the upload', /^PUT .*\/code/, 'lostAnswer', 1],
    ['an answer that is lost after publishing', /^POST .*\/versions$/, 'lostAnswer', 1],
    ['an answer that is lost after moving the alias', /^PUT .*\/aliases/, 'lostAnswer', 1],
    ['a version that is not known at once', /^POST .*\/invocations/, absent, 2],
    ['a version that the alias does not know at once', /^PUT .*\/aliases/, absent, 2],
  ];
  for (const [title, pattern, fault, times] of passing) {
    it(`waits out ${title}`, async () => {
      await aws.project.deploy();
      aws.project.code = 'exports.handler = async () => 2;';
      aws.proxy.inject(pattern, fault, times);
      const result = await aws.project.deploy();
      assert.equal(aws.proxy.waiting, 0, 'the fault was met');
      assert.deepEqual([result.status, result.version], ['deployed', '2'], result.message);
      assert.equal(await aws.project.served(), '2');
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
      await aws.project.deploy();
      aws.project.code = 'exports.handler = async () => 2;';
      aws.proxy.inject(pattern, fault, times);
      const failed = await aws.project.deploy();
      assert.equal(failed.status, 'failed');
      assert.match(failed.message ?? '', message);
      assert.match(failed.message ?? '', /Version 1 goes on serving\.$/);
      assert.equal(await aws.project.served(), '1');
      const completed = await aws.project.deploy();
      assert.equal(completed.status, 'deployed', completed.message);
      assert.equal(await aws.project.served(), completed.version);
    });
  }

  it('never rolls back to a version that was published, but did not serve', async () => {
    await aws.project.deploy();
    aws.project.code = 'exports.handler = async () => 2;';
    aws.proxy.inject(/^POST .*\/invocations/, denied);
    // As a deploy that is killed: what it published stays.
    aws.proxy.inject(/^DELETE /, denied);
    assert.equal((await aws.project.deploy()).status, 'failed');
    aws.project.code = 'exports.handler = async () => 3;';
    assert.equal((await aws.project.deploy()).version, '3');
    const back = (await aws.project.engine().rollBack('prod', aws.project.name)).functions[0]!;
    assert.deepEqual([back.version, await aws.project.served()], ['1', '1']);
  });

  it('is cancelled at any step: the version before serves, and the next run completes', async () => {
    await aws.project.deploy();
    for (const [index, step] of (['upload', 'apply', 'verify'] as const).entries()) {
      aws.project.code = `exports.handler = async () => ${index + 10};`;
      const before = await aws.project.served();
      const cancel = new AbortController();
      const result = await aws.project.deploy({
        signal: cancel.signal,
        onProgress: (now) => {
          if (now.step === step && now.state === 'started') cancel.abort();
        },
      });
      assert.equal(result.status, 'cancelled', step);
      assert.equal(await aws.project.served(), before);
      assert.equal((await aws.project.deploy()).status, 'deployed');
    }
  });

  it('waits for a change that AWS takes its time for', async () => {
    await aws.project.deploy();
    aws.project.code = 'exports.handler = async () => 2;';
    let left = 3;
    aws.proxy.rewrite = (what, body) =>
      what.startsWith('GET') &&
      aws.proxy.seen.some((seen) => /PUT .*\/code/.test(seen)) &&
      left > 0 &&
      left-- > 0
        ? body
            .replace('"LastUpdateStatus": "Successful"', '"LastUpdateStatus": "InProgress"')
            .replace('"LastUpdateStatus":"Successful"', '"LastUpdateStatus":"InProgress"')
        : body;
    assert.equal((await aws.project.deploy()).status, 'deployed');
    assert.equal(left, 0);
  });

  it('waits until a new role is known, and not for ever for a wrong one', async () => {
    const unknown = refused(
      400,
      'InvalidParameterValueException',
      'The role defined for the function cannot be assumed by Lambda.',
    );
    aws.proxy.inject(/^POST .*\/functions$/, unknown, 2);
    const result = await aws.project.deploy();
    assert.equal(result.status, 'deployed', result.message);
    assert.equal(aws.proxy.waiting, 0);
  });

  it('leaves what the command line of AWS reads', needsCli, async () => {
    aws.project.settings = { url: 'public', architecture: 'arm64' };
    aws.project.changes = {
      description: 'Says hello',
      timeoutMs: 2500,
      triggers: [{ kind: 'http', name: 'url', path: '/*', methods: [], shape: 'function-url' }],
    };
    const result = await aws.project.deploy();
    const live = ['--function-name', aws.project.name, '--qualifier', 'live'];
    const { Configuration } = await readByCli(aws.moto.url, 'get-function', ...live);
    const read = Configuration as Record<string, unknown>;
    assert.deepEqual(
      ['Version', 'Runtime', 'Handler', 'Role', 'MemorySize', 'Timeout', 'Description', 'Architectures'].map(
        (name) => read[name],
      ),
      ['1', 'nodejs22.x', 'index.handler', role, 256, 3, 'Says hello', ['arm64']],
    );
    assert.deepEqual(read['Environment'], { Variables: { API_TOKEN: secrets.variable } });
    const url = await readByCli(aws.moto.url, 'get-function-url-config', ...live);
    assert.deepEqual([url['FunctionUrl'], url['AuthType']], [result.urls[0], 'NONE']);
    const { FunctionVersion } = await readByCli(
      aws.moto.url,
      'get-alias',
      '--function-name',
      aws.project.name,
      '--name',
      'live',
    );
    assert.equal(FunctionVersion, '1');
  });

  it('deploys a program that is called bootstrap, and says so of others', async () => {
    aws.project.changes = { language: 'custom', runtime: 'provided.al2023', handler: './bootstrap serve' };
    aws.project.code = '#!/bin/sh\n';
    aws.project.start = { entry: 'bootstrap', loader: 'script', exportName: '', program: 'packed' };
    const result = await aws.project.deploy();
    assert.deepEqual([result.status, result.version], ['deployed', '1'], result.message);
    assert.equal((await aws.project.deploy()).status, 'unchanged');
    aws.project.start = { ...aws.project.start, entry: 'bin/app' };
    aws.project.changes = { ...aws.project.changes, program: { command: ['./bin/app'], protocol: 'http' } };
    const told = (await aws.project.plan()).functions[0]!.findings.map(({ message }) => message);
    assert.match(told[0]!, /starts a file "bootstrap" .* its command is \.\/bin\/app/);
    assert.match(told[1]!, /asks the runtime API/);
  });

  it('sends a package above the direct limit through the bucket, once', async () => {
    await createBucket(aws.moto.url, 'packages');
    aws.project.settings = { bucket: 'packages' };
    aws.project.directBytes = 100;
    const result = await aws.project.deploy();
    assert.equal(result.status, 'deployed', result.message);
    assert.equal(aws.proxy.seen.filter((what) => what.startsWith('PUT /packages/porchlight/')).length, 1);
    aws.project.changes = { memoryMB: 512 };
    assert.equal((await aws.project.deploy()).version, '2');
    assert.equal(aws.proxy.seen.filter((what) => what.startsWith('PUT /packages/porchlight/')).length, 1);
  });

  it('says where credentials are looked for, when there are none', async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
    delete process.env['AWS_ACCESS_KEY_ID'];
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nowhere/credentials';
    process.env['AWS_CONFIG_FILE'] = '/nowhere/config';
    try {
      await assert.rejects(aws.project.plan(), { code: 'CREDENTIALS_MISSING', message: /aws configure/ });
    } finally {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
      delete process.env['AWS_SHARED_CREDENTIALS_FILE'];
      delete process.env['AWS_CONFIG_FILE'];
    }
  });

  it('says that AWS cannot be reached', async () => {
    aws.project.settings = { endpoint: 'http://127.0.0.1:1' };
    await assert.rejects(aws.project.plan(), { code: 'CLOUD_UNREACHABLE', message: /127\.0\.0\.1:1/ });
  });
});
