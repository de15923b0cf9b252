import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findAlias, moveAlias } from '../../../../runtime/deploy/aws-lambda/alias.ts';
import { latest, publish, type FunctionChange } from '../../../../runtime/deploy/aws-lambda/applyFunction.ts';
import { provideUrl } from '../../../../runtime/deploy/aws-lambda/functionUrl.ts';
import { LambdaApi } from '../../../../runtime/deploy/aws-lambda/lambdaApi.ts';
import { loadSdk } from '../../../../runtime/deploy/aws-lambda/loadSdk.ts';
import { putObject } from '../../../../runtime/deploy/aws-lambda/s3.ts';
import { permit } from '../../../../runtime/deploy/aws-lambda/triggers/permissions.ts';
import { invokeVersion } from '../../../../runtime/deploy/aws-lambda/verify.ts';
import { listVersions } from '../../../../runtime/deploy/aws-lambda/versions.ts';
import {
  startScriptedCloud,
  type ScriptedAnswer,
  type ScriptedCloud,
} from '../../../support/scriptedCloud.ts';
import { say } from '../../../../runtime/support/l10n.ts';

const place = { name: 'hello', alias: 'live' };
const functions = '/2015-03-31/functions';
const { signal } = new AbortController();

function refused(status: number, code: string, message = 'No.'): ScriptedAnswer {
  return {
    status,
    headers: { 'x-amzn-errortype': `${code}:http://internal.amazon.com/` },
    body: { message },
  };
}

async function lambda(): Promise<{ cloud: ScriptedCloud; api: LambdaApi }> {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIAEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  const cloud = await startScriptedCloud();
  const api = new LambdaApi({ sdk: await loadSdk(), region: 'eu-west-1', endpoint: cloud.url, pollMs: 1 });
  return { cloud, api };
}

function changeOf(more: Partial<FunctionChange['configuration']> = {}): FunctionChange {
  return {
    name: 'hello',
    configuration: {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      MemorySize: 128,
      Timeout: 3,
      Description: '',
      EphemeralStorage: { Size: 512 },
      Environment: { Variables: {} },
      Layers: [],
      ...more,
    },
    architecture: 'x86_64',
    code: { ZipFile: Buffer.from('zip') },
    codeSha256: 'ours',
  };
}

/** A function as AWS tells of it; with what no version of its model knows yet. */
function configuration(more: Record<string, unknown> = {}) {
  const { configuration: settings, codeSha256 } = changeOf();
  const told = {
    State: 'Active',
    LastUpdateStatus: 'Successful',
    CodeSha256: codeSha256,
    Version: '$LATEST',
  };
  return { Configuration: { ...settings, ...told, BrandNew: { Field: [1] }, ...more }, Tags: {} };
}

describe('what AWS answers', () => {
  const answers: [string, ScriptedAnswer, string, RegExp][] = [
    ['an empty answer', {}, 'CLOUD_REFUSED', /GetFunction \(BadAnswer\): its answer is not as documented/],
    ['an answer of another form', { body: '[]' }, 'CLOUD_REFUSED', /not as documented/],
    ['nothing but null', { body: 'null' }, 'CLOUD_REFUSED', /BadAnswer/],
    ['half an answer', { body: '{"Configuration": {"Func' }, 'CLOUD_REFUSED', /not as documented\.$/],
    ['a page to log in', { body: '<html>secret page</html>' }, 'CLOUD_REFUSED', /BadAnswer/],
    ['a page of a proxy', { status: 407, body: '<html>' }, 'CLOUD_REFUSED', /HTTP 407.*a proxy in between/],
    ['a page of a service that is gone', { status: 404, body: '<html>' }, 'CLOUD_REFUSED', /HTTP 404/],
    ['403 without words', { status: 403 }, 'CREDENTIALS_REFUSED', /right lambda:GetFunction/],
    [
      'a right that is missing, by the words of the refusal',
      refused(
        403,
        'AccessDeniedException',
        'User x is not authorized to perform: iam:PassRole on resource: y',
      ),
      'CREDENTIALS_REFUSED',
      /They need the right iam:PassRole\./,
    ],
    ['an expired token', refused(403, 'ExpiredTokenException'), 'CREDENTIALS_REFUSED', /Sign in again/],
    [
      'a code that nobody knows',
      refused(400, 'BrandNewException', 'Hm'),
      'CLOUD_REFUSED',
      /\(BrandNewException\): Hm\./,
    ],
  ];
  for (const [title, answer, code, message] of answers) {
    it(`tells ${title}`, async () => {
      const { cloud, api } = await lambda();
      cloud.script(/GetFunction|functions\/hello/, answer);
      await assert.rejects(api.findFunction('hello'), (error: Error & { code: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /secret page|Deserialization/);
        return true;
      });
    });
  }

  it('repeats what a proxy answers in place of the service for now', async () => {
    const { cloud, api } = await lambda();
    cloud.script(/functions\/hello/, { status: 502, body: '<html>' }, { body: configuration() });
    assert.equal((await api.findFunction('hello'))?.CodeSha256, 'ours');
  });

  it('takes a function whose states are missing or unknown for one at rest', async () => {
    const { cloud, api } = await lambda();
    const told = [
      { State: undefined },
      { State: 'BrandNew' },
      { State: 'Inactive' },
      { State: 'ActiveNonInvocable' },
    ];
    for (const states of told) {
      cloud.script(/functions\/hello/, { body: configuration(states) });
      assert.equal((await api.settled('hello')).CodeSha256, 'ours');
    }
  });

  it('waits for one that is being deleted, and takes it for gone', async () => {
    const { cloud, api } = await lambda();
    const deleting = { body: configuration({ State: 'Deleting' }) };
    cloud.script(/functions\/hello/, deleting, deleting, refused(404, 'ResourceNotFoundException'));
    assert.equal(await latest(api, 'hello'), undefined);
  });

  it('reads all pages of versions', async () => {
    const { cloud, api } = await lambda();
    cloud.script(/versions$/, {
      body: { Versions: [{ Version: '$LATEST' }, { Version: '9' }], NextMarker: 'm/1' },
    });
    cloud.script(/versions\?Marker=m%2F1$/, { body: { Versions: [{ Version: '10' }], NextMarker: null } });
    assert.deepEqual(
      (await listVersions(api, 'hello')).map(({ Version }) => Version),
      ['10', '9'],
    );
  });
});

describe('a change of a function of AWS', () => {
  it('is made again where the one before has failed, as what is told of it may be what was wanted', async () => {
    const { cloud, api } = await lambda();
    const failed = { LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'The role is gone.' };
    cloud.script(new RegExp(`^GET ${functions}/hello$`), { body: configuration(failed) });
    cloud.script(/^PUT .*\/code$/, { body: {} });
    await assert.rejects(publish(api, changeOf(), signal), /The role is gone/);
    assert.ok(
      cloud.seen.some(({ what }) => /^PUT .*\/code$/.test(what)),
      'the next deploy tries it again',
    );
  });

  it('knows its own change again when the answer was lost', async () => {
    const { cloud, api } = await lambda();
    const before = { body: configuration({ CodeSha256: 'theirs', RevisionId: 'r1' }) };
    cloud.script(new RegExp(`^GET ${functions}/hello$`), before, before, { body: configuration() });
    cloud.script(/\?Qualifier=7$/, { body: configuration({ Version: '7' }) });
    cloud.script(/^PUT .*\/code$/, refused(412, 'PreconditionFailedException'));
    cloud.script(/^POST .*\/versions$/, { status: 201, body: { Version: '7' } });
    assert.equal(await publish(api, changeOf(), signal), '7');
    const sent = cloud.seen.find(({ what }) => /^PUT .*\/code$/.test(what))!;
    assert.equal(sent.body['RevisionId'], 'r1');
  });

  it('brings a function up to date that was made although the answer was lost', async () => {
    const { cloud, api } = await lambda();
    cloud.script(
      new RegExp(`^GET ${functions}/hello$`),
      refused(404, 'ResourceNotFoundException'),
      { body: configuration({ CodeSha256: 'theirs' }) },
      { body: configuration({ CodeSha256: 'theirs' }) },
      { body: configuration() },
    );
    cloud.script(
      new RegExp(`^POST ${functions}$`),
      refused(409, 'ResourceConflictException', 'Function already exist: hello'),
    );
    cloud.script(/^PUT .*\/code$/, { body: {} });
    cloud.script(/\?Qualifier=1$/, { body: configuration({ Version: '1' }) });
    cloud.script(/^POST .*\/versions$/, { status: 201, body: { Version: '1' } });
    assert.equal(await publish(api, changeOf(), signal), '1');
    assert.ok(cloud.seen.some(({ what }) => /^PUT .*\/code$/.test(what)));
  });

  it('does not take an answer without a version for one that was published', async () => {
    const { cloud, api } = await lambda();
    cloud.script(new RegExp(`^GET ${functions}/hello$`), { body: configuration() });
    cloud.script(/^POST .*\/versions$/, { status: 201 });
    await assert.rejects(publish(api, changeOf(), signal), /PublishVersion \(BadAnswer\)/);
  });

  it('moves an alias that is there, although making it was refused', async () => {
    const { cloud, api } = await lambda();
    const there = { body: { Name: 'live', FunctionVersion: '3' } };
    cloud.script(/^GET .*\/aliases\/live$/, refused(404, 'ResourceNotFoundException'), there);
    cloud.script(/^POST .*\/aliases$/, refused(409, 'ResourceConflictException', 'Alias already exists'));
    cloud.script(/^PUT .*\/aliases\/live$/, { body: { FunctionVersion: '4' } });
    assert.equal(await moveAlias(api, place, '4', 100), undefined);
    const { body } = cloud.seen.at(-1)!;
    assert.deepEqual(
      [body['FunctionVersion'], body['RoutingConfig'], body['Description']],
      ['4', { AdditionalVersionWeights: {} }, '[served 4]'],
    );
  });

  it('reads the share of a version, and gives one', async () => {
    const { cloud, api } = await lambda();
    const RoutingConfig = { AdditionalVersionWeights: { 5: 0.1 } };
    const alias = {
      Name: 'live',
      FunctionVersion: '4',
      Description: '[served 4]',
      RoutingConfig,
      RevisionId: 'r',
    };
    cloud.script(/^GET .*\/aliases\/live$/, { body: alias });
    assert.deepEqual((await findAlias(api, place))?.weights, { 5: 0.1 });
    cloud.script(/^PUT .*\/aliases\/live$/, { body: alias });
    assert.match(
      say((await moveAlias(api, place, '6', 25)) ?? ''),
      /^25 % of the calls go to version 6, the others to 4/,
    );
    const { body } = cloud.seen.at(-1)!;
    assert.deepEqual(
      [body['FunctionVersion'], body['RoutingConfig']],
      ['4', { AdditionalVersionWeights: { 6: 0.25 } }],
    );
  });
});

describe('what lies around a function of AWS', () => {
  it('waits for another change before it permits a caller', async () => {
    const { cloud, api } = await lambda();
    cloud.script(/^GET .*\/policy/, refused(404, 'ResourceNotFoundException'));
    const busy = refused(
      409,
      'ResourceConflictException',
      'The function could not be updated due to a concurrent update operation.',
    );
    cloud.script(/^POST .*\/policy/, busy, { status: 201, body: { Statement: '{}' } });
    const statement = {
      FunctionName: 'hello',
      Qualifier: 'live',
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: '*',
    };
    await permit(api, statement);
    assert.equal(cloud.seen.filter(({ what }) => what.startsWith('POST')).length, 2);
    const Policy = JSON.stringify({ Statement: [{ Sid: 's' }] });
    cloud.script(/^GET .*\/policy/, { body: { Policy } });
    cloud.script(/^POST .*\/policy/, busy);
    await permit(api, statement);
    assert.equal(cloud.seen.filter(({ what }) => what.startsWith('POST')).length, 3, 'it is there');
  });

  it('changes a URL that is there, although making it was refused', async () => {
    const { cloud, api } = await lambda();
    cloud.script(/^GET .*\/url/, {
      body: { FunctionUrl: 'https://x/', AuthType: 'NONE', InvokeMode: 'Buffered' },
    });
    cloud.script(
      /^POST .*\/url/,
      refused(409, 'ResourceConflictException', 'FunctionUrlConfig exists for this Lambda function'),
    );
    cloud.script(/^PUT .*\/url/, { body: {} });
    await provideUrl(api, place, { AuthType: 'AWS_IAM', InvokeMode: 'RESPONSE_STREAM' }, undefined);
    const { what, body } = cloud.seen.at(-1)!;
    assert.match(what, /^PUT \/2021-10-31\/functions\/hello\/url\?Qualifier=live$/);
    assert.deepEqual(body, { AuthType: 'AWS_IAM', InvokeMode: 'RESPONSE_STREAM' });
  });

  it('names the right that is missing at the bucket', async () => {
    const { cloud, api } = await lambda();
    cloud.script(/^PUT \/packages/, {
      status: 403,
      headers: { 'content-type': 'application/xml' },
      body: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    });
    const object = { S3Bucket: 'packages', S3Key: 'porchlight/x.zip' };
    await assert.rejects(
      putObject(api, object, Buffer.from('zip'), signal),
      /They need the right s3:PutObject\./,
    );
  });
});

describe('a call of a function of AWS', () => {
  const call = { name: 'hello', version: 'live', event: Buffer.from('{}'), timeoutMs: 3000 };
  const invocations = /^POST .*\/invocations/;

  it('is made once where it may have been carried out, and again where it was not let in', async () => {
    const { cloud, api } = await lambda();
    cloud.script(invocations, { cut: true, body: '{"half":' }, { body: '1' });
    await assert.rejects(invokeVersion(api, call, signal), { code: 'CLOUD_UNREACHABLE' });
    cloud.script(invocations, refused(500, 'ServiceException'), { body: '1' });
    await assert.rejects(invokeVersion(api, call, signal), /ServiceException/);
    assert.equal(cloud.seen.length, 2);
    cloud.script(invocations, refused(429, 'TooManyRequestsException'), { body: '1' });
    assert.equal((await invokeVersion(api, call, signal)).result, '1');
  });

  const ends: [string, ScriptedAnswer, Record<string, unknown>][] = [
    [
      'an error of the handler',
      {
        headers: { 'x-amz-function-error': 'Unhandled' },
        body: { errorType: 'TypeError', errorMessage: 'no' },
      },
      { answered: true, status: 'error', message: 'TypeError: no' },
    ],
    [
      'code that does not load',
      {
        headers: { 'x-amz-function-error': 'Unhandled' },
        body: { errorType: 'Runtime.ImportModuleError', errorMessage: 'no' },
      },
      { answered: false, status: 'error' },
    ],
    [
      'a time-out in plain text',
      { headers: { 'x-amz-function-error': 'Unhandled' }, body: 'Task timed out after 3.00 seconds' },
      { answered: false, status: 'timeout', message: 'Unhandled: Task timed out after 3.00 seconds' },
    ],
    [
      'an error of no form at all',
      { headers: { 'x-amz-function-error': 'BrandNew' }, body: { errorType: 5, errorMessage: null } },
      { answered: true, status: 'error', message: 'BrandNew: {"errorType":5,"errorMessage":null}' },
    ],
  ];
  for (const [title, answer, expected] of ends) {
    it(`tells ${title}`, async () => {
      const { cloud, api } = await lambda();
      cloud.script(invocations, answer);
      const told: Record<string, unknown> = { ...(await invokeVersion(api, call, signal)) };
      for (const [key, value] of Object.entries(expected)) assert.equal(told[key], value, key);
    });
  }
});
