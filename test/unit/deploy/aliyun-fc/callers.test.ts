import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  desiredTexts,
  findCallers,
  provideCallers,
  remoteTexts,
  type DesiredCallers,
} from '../../../../runtime/deploy/aliyun-fc/callers.ts';
import { desiredTriggers } from '../../../../runtime/deploy/aliyun-fc/desiredTriggers.ts';
import { FcApi } from '../../../../runtime/deploy/aliyun-fc/fcApi.ts';
import { madeIn } from '../../../../runtime/deploy/aliyun-fc/madeDomains.ts';
import { readSettings } from '../../../../runtime/deploy/aliyun-fc/settings.ts';
import { withdrawRoutes } from '../../../../runtime/deploy/aliyun-fc/withdrawRoutes.ts';
import { startFaultyProxy, type FaultyProxy } from '../../../support/faultyProxy.ts';
import { startFcServer, type FcServer } from '../../../support/fc/fcServer.ts';
import { fcTriggersOf, sourceTriggers } from '../../../support/fc/fcTriggers.ts';

const key = { id: 'LTAIexample', secret: 'secret' };
const place = { name: 'hello', alias: 'live' };
const account = { region: 'cn-hangzhou', accountId: '1122334455667788' };

describe('what lies around an alias', () => {
  let server: FcServer;
  let proxy: FaultyProxy;
  let api: FcApi;

  beforeEach(async () => {
    server = await startFcServer(key);
    proxy = await startFaultyProxy(server.url);
    api = new FcApi({ endpoint: proxy.url, key, pollMs: 1 });
    for (const name of ['hello', 'other']) {
      const made = { functionName: name, runtime: 'nodejs20', handler: 'index.handler', code: {} };
      server.state.functions.set(name, {
        ...{ latest: made, versions: new Map([['1', made]]), triggers: new Map(), provision: new Map() },
        ...{ aliases: new Map([['live', { aliasName: 'live', versionId: '1', description: '[served 1]' }]]) },
        ...{ looksLeft: 0, changedSince: false, numbered: 1 },
      });
    }
  });
  afterEach(async () => {
    await proxy.close();
    await server.close();
    assert.deepEqual(server.objections, []);
  });

  const triggers = () => server.state.functions.get('hello')!.triggers;
  const desired = (list: string): DesiredCallers => ({
    ...desiredTriggers({ triggers: fcTriggersOf(list) }, readSettings('prod', {}), account),
    provision: undefined,
  });
  /** What a plan would show as different. */
  const differences = async (wanted: DesiredCallers): Promise<string[]> => {
    const [there, stated] = [
      remoteTexts(await findCallers(api, place, wanted), wanted, place),
      desiredTexts(wanted),
    ];
    const names = new Set([...Object.keys(there), ...Object.keys(stated)]);
    return [...names].filter((name) => there[name] !== stated[name]).sort();
  };
  const provide = async (wanted: DesiredCallers): Promise<string[]> =>
    provideCallers(api, place, wanted, await findCallers(api, place, wanted));

  it('is made of every service, and the same the next time, whatever the cloud adds', async () => {
    const wanted = desired(sourceTriggers);
    assert.equal((await differences(wanted)).length, 5);
    assert.deepEqual(await provide(wanted), []);
    assert.deepEqual(
      [...triggers().values()].map(({ triggerType, qualifier, description }) => [
        ...[triggerType, qualifier, description],
      ]),
      [
        ['log', 'live', 'lines of the shop [porchlight]'],
        ['mns_topic', 'live', '[porchlight]'],
        ['cdn_events', 'live', '[porchlight]'],
        ['tablestore', 'live', '[porchlight]'],
        ['eventbridge', 'live', '[porchlight]'],
      ],
    );
    const rule = triggers().get('kafka')!;
    const config = JSON.parse(String(rule['triggerConfig'])) as object;
    rule['triggerConfig'] = JSON.stringify({ ...config, eventSourceName: 'made-by-the-cloud' });
    assert.deepEqual(await differences(wanted), []);
    proxy.seen.length = 0;
    assert.deepEqual(await provide(wanted), []);
    assert.deepEqual(
      proxy.seen.filter((what) => !what.startsWith('GET')),
      [],
    );
  });

  it('is changed in place, and made anew for another source', async () => {
    await provide(desired(sourceTriggers));
    const other = desired(
      sourceTriggers
        .replace('triggerInterval: 60', 'triggerInterval: 30')
        .replace('topics/orders', 'topics/bills'),
    );
    assert.deepEqual(await differences(other), ['triggers.lines', 'triggers.orders']);
    proxy.seen.length = 0;
    assert.deepEqual(await provide(other), []);
    assert.deepEqual(
      proxy.seen.filter((what) => !what.startsWith('GET')).map((what) => what.replace(/ .*\/functions/, ' ')),
      ['PUT /hello/triggers/lines', 'DELETE /hello/triggers/orders', 'POST /hello/triggers'],
    );
    assert.match(String(triggers().get('lines')!['triggerConfig']), /"triggerInterval":30/);
    assert.match(String(triggers().get('orders')!['sourceArn']), /bills$/);
    assert.deepEqual(await differences(other), []);
  });

  it('goes when the project has it no longer, unless somebody else made it or it cannot be read', async () => {
    await provide(desired(sourceTriggers));
    delete triggers().get('rows')!['description'];
    const open = `
        - triggerName: lines
          triggerType: log
          triggerConfig: { enable: '\${resources.x.output.y}' }
`;
    assert.deepEqual(await differences(desired(open)), ['triggers.cdn', 'triggers.kafka', 'triggers.orders']);
    assert.deepEqual(await provide(desired(open)), []);
    assert.deepEqual([...triggers().keys()], ['lines', 'rows']);
  });

  it('is told of where it is refused, and the rest goes on', async () => {
    const refused = { Code: 'InvalidArgument', Message: 'project web does not exist', RequestId: 'r-1' };
    proxy.inject(/^POST .*\/triggers$/, { status: 400, body: refused });
    const wanted = desired(sourceTriggers);
    const problems = await provide(wanted);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /trigger lines is not set up: .*project web does not exist.*Deploy again/);
    assert.deepEqual(await differences(wanted), ['triggers.lines']);
    proxy.inject(/^DELETE .*\/triggers/, { status: 403, body: { Code: 'AccessDenied', Message: 'no' } });
    assert.match((await provide(desired('\n        []\n')))[0]!, /is not taken away: .*fc:DeleteTrigger/);
  });

  it('keeps what the project says nothing of', async () => {
    const stated = (more = ''): DesiredCallers =>
      desired(`
        - triggerName: web
          triggerType: http
          triggerConfig:
            authType: jwt
            methods: [GET]
            authConfig: { jwks: { keys: [] }, tokenLookup: 'header:Authorization:Bearer' }
${more}`);
    assert.deepEqual(await provide(stated()), []);
    const web = () => JSON.parse(String(triggers().get('web')!['triggerConfig'])) as Record<string, unknown>;
    assert.equal(web()['disableURLInternet'], false);
    triggers().get('web')!['triggerConfig'] = JSON.stringify({
      ...web(),
      ...{ disableURLInternet: true, corsConfig: { allowOrigins: ['*'] } },
    });
    assert.deepEqual(await differences(stated()), []);
    const cors = stated(
      "            corsConfig: { allowOrigins: ['https://a.example'], allowCredentials: true }\n",
    );
    assert.deepEqual(await differences(cors), ['triggers.web']);
    assert.deepEqual(await provide(cors), []);
    assert.deepEqual(
      [web()['disableURLInternet'], web()['corsConfig'], web()['authType']],
      [true, { allowOrigins: ['https://a.example'], allowCredentials: true }, 'jwt'],
    );
    assert.deepEqual(await differences(cors), []);
  });

  describe('routes of domains', () => {
    const route = (domain: string, path = '/*') => ({
      ...{ name: `${domain}${path}`, domain, protocol: 'HTTP', path, methods: [] },
    });
    const routes = (...list: ReturnType<typeof route>[]): DesiredCallers => ({
      ...{ triggers: [], left: [], routes: list, provision: undefined },
    });
    const domains = () => server.state.domains.byName;
    const made = (): string[] =>
      madeIn(String(server.state.functions.get('hello')!.aliases.get('live')!['description']));
    const foreign = (domainName: string, ...names: string[]): void =>
      void domains().set(domainName, {
        domainName,
        protocol: 'HTTP',
        certConfig: { certName: 'theirs' },
        routeConfig: {
          routes: names.map((functionName) => ({
            path: `/${functionName}`,
            functionName,
            qualifier: 'live',
          })),
        },
      });

    it('notes the domains that it makes, also when the answer is lost', async () => {
      foreign('theirs.example.com', 'other');
      proxy.inject(/^POST .*custom-domains/, 'lostAnswer');
      const wanted = routes(route('a.example.com'), route('theirs.example.com'));
      assert.deepEqual(await provide(wanted), []);
      assert.deepEqual(made(), ['a.example.com']);
      const alias = server.state.functions.get('hello')!.aliases.get('live')!;
      assert.deepEqual([alias['versionId'], alias['description']], ['1', '[made a.example.com] [served 1]']);
    });

    it('are taken out with their function: others stay, and domains that somebody else made', async () => {
      foreign('theirs.example.com', 'hello', 'other');
      foreign('empty.example.com', 'hello');
      foreign('unrelated.example.com', 'other');
      await provide(routes(route('a.example.com'), route('b.example.com')));
      const shared = domains().get('b.example.com')!['routeConfig'] as { routes: object[] };
      shared.routes.push({ path: '/other', functionName: 'other', qualifier: 'live' });
      proxy.seen.length = 0;
      await withdrawRoutes(api, 'hello', made());
      const left = [...domains()].map(([name, domain]) => [
        name,
        (domain['routeConfig'] as { routes: { path: string }[] }).routes.map(({ path }) => path).join(),
      ]);
      assert.deepEqual(left, [
        ['theirs.example.com', '/other'],
        ['empty.example.com', ''],
        ['unrelated.example.com', '/other'],
        ['b.example.com', '/other'],
      ]);
      assert.deepEqual(domains().get('empty.example.com')!['certConfig'], { certName: 'theirs' });
      assert.equal(proxy.seen.filter((what) => what.startsWith('PUT')).length, 3);
      proxy.seen.length = 0;
      await withdrawRoutes(api, 'hello', made());
      assert.deepEqual(
        proxy.seen.filter((what) => !what.startsWith('GET')),
        [],
      );
    });

    it('are those that deploys made, for whoever may not list domains', async () => {
      foreign('theirs.example.com', 'hello');
      await provide(routes(route('a.example.com')));
      const body = { Code: 'AccessDenied', Message: 'no right' };
      proxy.inject(/^GET .*custom-domains\?/, { status: 403, body });
      await withdrawRoutes(api, 'hello', made());
      assert.deepEqual([...domains().keys()], ['theirs.example.com']);
    });
  });
});
