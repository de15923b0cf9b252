import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findAlias, listAliases, moveAlias } from '../../../../runtime/deploy/aliyun-fc/alias.ts';
import { publish, type FunctionChange } from '../../../../runtime/deploy/aliyun-fc/applyFunction.ts';
import { FcApi } from '../../../../runtime/deploy/aliyun-fc/fcApi.ts';
import { listTriggers, provideTrigger } from '../../../../runtime/deploy/aliyun-fc/triggers.ts';
import { invokeVersion } from '../../../../runtime/deploy/aliyun-fc/verify.ts';
import { listVersions } from '../../../../runtime/deploy/aliyun-fc/versions.ts';
import {
  startScriptedCloud,
  type ScriptedAnswer,
  type ScriptedCloud,
} from '../../../support/scriptedCloud.ts';
import { say } from '../../../../runtime/support/l10n.ts';

const place = { name: 'hello', alias: 'live' };
const functions = '/2023-03-30/functions';
const hello = new RegExp(`^GET ${functions}/hello$`);
const { signal } = new AbortController();

function refused(status: number, Code: string, Message = 'No'): ScriptedAnswer {
  return { status, body: { Code, Message, RequestId: 'r-1', HostId: 'x', Recommend: null } };
}

async function fc(): Promise<{ cloud: ScriptedCloud; api: FcApi }> {
  const cloud = await startScriptedCloud();
  return { cloud, api: new FcApi({ endpoint: cloud.url, key: { id: 'ak', secret: 'planted' }, pollMs: 1 }) };
}

const change: FunctionChange = {
  name: 'hello',
  configuration: {
    runtime: 'nodejs20',
    handler: 'index.handler',
    memorySize: 512,
    timeout: 3,
    diskSize: 512,
    description: '',
    environmentVariables: {},
    instanceLifecycleConfig: {},
  },
  code: { zip: Buffer.from('zip') },
  checksum: '42',
};

/** A function as the cloud tells of it; with what no version of its model knows yet. */
function told(more: Record<string, unknown> = {}) {
  const { configuration, checksum } = change;
  const state = { state: 'Active', lastUpdateStatus: 'Successful', brandNew: { field: [1] }, layers: null };
  return { functionName: 'hello', ...configuration, codeChecksum: checksum, ...state, ...more };
}

describe('what Function Compute answers', () => {
  const answers: [string, ScriptedAnswer, string, RegExp][] = [
    ['an empty answer', {}, 'CLOUD_REFUSED', /BadAnswer/],
    ['an answer of another form', { body: [] }, 'CLOUD_REFUSED', /not as documented/],
    ['half an answer', { body: '{"functionName": "he' }, 'CLOUD_REFUSED', /not as documented/],
    ['a page', { body: '<html>' }, 'CLOUD_REFUSED', /BadAnswer/],
    ['a page in place of a function', { status: 404, body: '<html>' }, 'CLOUD_REFUSED', /HTTP 404/],
    [
      'a key that is not known',
      refused(404, 'InvalidAccessKeyId.NotFound'),
      'CREDENTIALS_REFUSED',
      /access key/,
    ],
    ['a right that is missing', refused(403, 'AccessDenied'), 'CREDENTIALS_REFUSED', /fc:GetFunction/],
    [
      'a refusal in the words of the API before',
      {
        status: 400,
        headers: { 'x-fc-request-id': 'r-2' },
        body: { ErrorCode: 'InvalidArgument', ErrorMessage: 'bad' },
      },
      'CLOUD_REFUSED',
      /\(InvalidArgument\): bad\. Request r-2\.$/,
    ],
    [
      'a refusal of which a part has another form',
      { status: 400, body: { Code: 'BrandNew', Message: { en: 'bad' }, RequestId: 7 } },
      'CLOUD_REFUSED',
      /\(BrandNew\): No reason was given\./,
    ],
    [
      'what it repeats of a secret',
      refused(400, 'InvalidArgument', 'you sent planted'),
      'CLOUD_REFUSED',
      /you sent \*\*\*\./,
    ],
  ];
  for (const [title, answer, code, message] of answers) {
    it(`tells ${title}`, async () => {
      const { cloud, api } = await fc();
      cloud.script(hello, answer);
      await assert.rejects(api.findFunction('hello'), { code, message });
    });
  }

  it('is not there by its own words alone', async () => {
    const { cloud, api } = await fc();
    for (const code of ['FunctionNotFound', 'BrandNewNotFound']) {
      cloud.script(hello, refused(404, code));
      assert.equal(await api.findFunction('hello'), undefined);
    }
  });

  it('is read although it has no values where there could be some', async () => {
    const { cloud, api } = await fc();
    const odd = {
      environmentVariables: { A: null, B: 'b' },
      instanceLifecycleConfig: null,
      state: 'BrandNew',
    };
    cloud.script(hello, { body: told(odd) });
    const found = await api.settled('hello');
    assert.deepEqual(found.environmentVariables, { A: '', B: 'b' });
  });

  it('is repeated while it is throttled or a connection breaks', async () => {
    const { cloud, api } = await fc();
    const throttled = { ...refused(400, 'Throttling.User'), headers: { 'x-acs-retry-after': '1' } };
    cloud.script(
      hello,
      throttled,
      refused(503, 'ServiceUnavailable'),
      { cut: true, body: '{' },
      { body: told() },
    );
    assert.equal((await api.findFunction('hello'))?.functionName, 'hello');
  });

  it('is read to the last page', async () => {
    const { cloud, api } = await fc();
    for (const [kind, items] of [
      [
        'aliases',
        [
          { aliasName: 'a', versionId: '1' },
          { aliasName: 'b', versionId: 2 },
        ],
      ],
      ['versions', [{ versionId: 9 }, { versionId: '10', description: null }]],
      [
        'triggers',
        [
          { triggerName: 'a', triggerType: 'brand_new' },
          { triggerName: 'b', triggerType: 'http' },
        ],
      ],
    ] as const) {
      cloud.script(new RegExp(`/${kind}\\?limit=100$`), { body: { [kind]: [items[0]], nextToken: 'm+1' } });
      cloud.script(new RegExp(`/${kind}\\?limit=100&nextToken=m%2B1$`), {
        body: { [kind]: [items[1]], nextToken: '' },
      });
    }
    assert.deepEqual(
      (await listAliases(api, 'hello')).map(({ aliasName }) => aliasName),
      ['a', 'b'],
    );
    assert.deepEqual(
      (await listVersions(api, 'hello')).map(({ versionId }) => versionId),
      ['10', '9'],
    );
    assert.deepEqual(
      (await listTriggers(api, 'hello')).map(({ triggerName }) => triggerName),
      ['a', 'b'],
    );
    cloud.script(/\/aliases\?/, { body: { aliases: null } });
    assert.deepEqual(await listAliases(api, 'hello'), []);
  });

  it('tells the share of a version', async () => {
    const { cloud, api } = await fc();
    const body = { aliasName: 'live', versionId: 4, additionalVersionWeight: { 5: 0.1 }, description: null };
    cloud.script(/\/aliases\/live$/, { body });
    const { version, weights } = (await findAlias(api, place))!;
    assert.deepEqual([version, weights], ['4', { 5: 0.1 }]);
    assert.match(
      say((await moveAlias(api, place, '6', 25)) ?? ''),
      /^25 % of the calls go to version 6, the others to 4/,
    );
    const { what, body: sent } = cloud.seen.at(-1)!;
    assert.match(what, /^PUT /);
    assert.deepEqual([sent['versionId'], sent['additionalVersionWeight']], ['4', { 6: 0.25 }]);
  });
});

it('changes of a trigger what a deploy knows of, and leaves the rest as it is there', async () => {
  const { cloud, api } = await fc();
  const corsConfig = { allowOrigins: ['https://shop.example'] };
  const before = { authType: 'anonymous', methods: ['GET'], disableURLInternet: false, corsConfig };
  const there = { triggerName: 'web', triggerType: 'http', qualifier: 'live' };
  const config = { authType: 'function', methods: ['GET'], disableURLInternet: false };
  cloud.script(/^PUT .*\/triggers\/web$/, { body: {} });
  await provideTrigger(
    api,
    place,
    { name: 'web', type: 'http', config },
    { ...there, triggerConfig: JSON.stringify(before) },
  );
  assert.deepEqual(JSON.parse(String(cloud.seen.at(-1)!.body['triggerConfig'])), { ...config, corsConfig });
  await provideTrigger(
    api,
    place,
    { name: 'web', type: 'http', config },
    { ...there, triggerConfig: 'not JSON' },
  );
  assert.deepEqual(JSON.parse(String(cloud.seen.at(-1)!.body['triggerConfig'])), config);
});

it('makes a change of a function of Function Compute again where the one before has failed', async () => {
  const { cloud, api } = await fc();
  cloud.script(hello, {
    body: told({ lastUpdateStatus: 'Failed', lastUpdateStatusReason: 'No address is left' }),
  });
  cloud.script(/^PUT /, { body: {} });
  await assert.rejects(publish(api, change, signal), /No address is left/);
  assert.ok(cloud.seen.some(({ what }) => what.startsWith('PUT ')));
});

describe('a call of a function of Function Compute', () => {
  const call = { name: 'hello', version: 'live', event: Buffer.from('{}'), timeoutMs: 3000 };
  const invocations = /^POST .*\/invocations\?qualifier=live$/;

  it('is made once where it may have been carried out, and again where it was not let in', async () => {
    const { cloud, api } = await fc();
    cloud.script(invocations, refused(500, 'InternalServerError'), { body: '1' });
    await assert.rejects(invokeVersion(api, call, signal), /InternalServerError/);
    cloud.script(invocations, { cut: true, body: '1' }, { body: '1' });
    await assert.rejects(invokeVersion(api, call, signal), { code: 'CLOUD_UNREACHABLE' });
    assert.equal(cloud.seen.length, 2);
    cloud.script(invocations, refused(429, 'ResourceExhausted'), { body: '1' });
    assert.equal((await invokeVersion(api, call, signal)).result, '1');
  });

  for (const [title, type, body, expected] of [
    [
      'an error of the handler',
      'UnhandledInvocationError',
      { errorType: 'TypeError', errorMessage: 'no' },
      [true, 'error'],
    ],
    [
      'code that does not load',
      'UnhandledInvocationError',
      { errorType: 'ImportModuleError', errorMessage: 'no' },
      [false, 'error'],
    ],
    [
      'a process that ended',
      'UnhandledInvocationError',
      {
        errorMessage:
          'Process exited unexpectedly before completing request (duration: 12ms, maxMemoryUsage: 0MB)',
      },
      [false, 'error'],
    ],
    [
      'a time-out',
      'UnhandledInvocationError',
      { errorMessage: 'Function timed out after 60 seconds (maxMemoryUsage: 8MB)' },
      [false, 'timeout'],
    ],
    ['an initializer that failed', 'InitializationError', 'plain words', [false, 'error']],
  ] as const) {
    it(`tells ${title}`, async () => {
      const { cloud, api } = await fc();
      cloud.script(invocations, { headers: { 'x-fc-error-type': type }, body });
      const { answered, status } = await invokeVersion(api, call, signal);
      assert.deepEqual([answered, status], expected);
    });
  }
});
