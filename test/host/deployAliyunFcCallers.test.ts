import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FcProject, secrets } from '../support/fc/fcProject.ts';
import { startFcServer, type FcServer } from '../support/fc/fcServer.ts';
import { startOssServer, type OssServer } from '../support/fc/ossServer.ts';
import { startFaultyProxy, type FaultyProxy } from '../support/faultyProxy.ts';

const key = { id: 'LTAIexample', secret: secrets.key, securityToken: secrets.token };

describe('deploying to Function Compute what lies around a function', () => {
  let server: FcServer;
  let oss: OssServer;
  let proxy: FaultyProxy;
  /** In front of the object storage. */
  let ossProxy: FaultyProxy;
  let project: FcProject;

  beforeEach(async () => {
    server = await startFcServer(key);
    oss = await startOssServer(key, 'cn-hangzhou');
    server.state.objects = oss.objects;
    proxy = await startFaultyProxy(server.url);
    ossProxy = await startFaultyProxy(oss.url);
    project = new FcProject(proxy.url, 'hello');
  });
  afterEach(async () => {
    for (const one of [proxy, ossProxy, server, oss]) await one.close();
    const everything = JSON.stringify(project.told);
    for (const hidden of Object.values(secrets)) assert.ok(!everything.includes(hidden), 'a secret was told');
    assert.deepEqual(server.objections, []);
  });

  describe('a package that is too large for a request', () => {
    beforeEach(() => {
      project.directBytes = 100;
      project.settings = { bucket: 'packages', ossEndpoint: ossProxy.url };
    });
    const uploads = (): number => ossProxy.seen.filter((what) => what.startsWith('PUT')).length;

    it('goes through a bucket, once', async () => {
      const first = await project.deploy();
      assert.deepEqual([first.status, uploads(), oss.objects.size], ['deployed', 1, 1], first.message);
      assert.match([...oss.objects.keys()][0]!, /^packages\/porchlight\/[0-9a-f]{64}\.zip$/);
      project.changes = { memoryMB: 512 };
      assert.deepEqual([(await project.deploy()).version, uploads()], ['2', 1]);
      project.code = 'exports.handler = async () => 2;';
      assert.deepEqual([(await project.deploy()).version, uploads()], ['3', 2]);
    });

    it('is put again when the connection was cut, throttled, or the answer was lost', async () => {
      ossProxy.inject(/^PUT/, 'cut');
      ossProxy.inject(/^PUT/, { status: 503, body: {} });
      ossProxy.inject(/^PUT/, 'lostAnswer');
      const result = await project.deploy();
      assert.deepEqual(
        [result.status, ossProxy.waiting, oss.objects.size],
        ['deployed', 0, 1],
        result.message,
      );
    });

    it('is told of when the bucket refuses it; the version before serves, and the next run completes', async () => {
      await project.deploy();
      project.code = 'exports.handler = async () => 2;';
      const good = project.settings;
      project.settings = { ...good, region: 'cn-beijing' };
      const failed = await project.deploy();
      assert.match(
        failed.message ?? '',
        /InvalidAccessKeyId.*Check the access key.*Version 1 goes on serving/,
      );
      project.settings = good;
      assert.equal((await project.deploy()).version, '2');
    });

    it('needs a bucket', async () => {
      project.settings = {};
      assert.match((await project.plan()).findings[0]!.message, /Name a bucket: of OSS/);
    });
  });

  it('says how a program is started, and compares that the next time', async () => {
    const program = { command: ['$ARTIFACTS_DIR/app', '--port', '8080'], port: 8080, healthPath: '/ready' };
    project.changes = { language: 'custom', runtime: 'custom.debian12', handler: 'app', program };
    project.start = { entry: 'bin/app', loader: 'script', exportName: 'app', program: 'packed' };
    assert.equal((await project.deploy()).status, 'deployed');
    assert.deepEqual(server.state.functions.get('hello')!.latest['customRuntimeConfig'], {
      command: ['./bin/app'],
      args: ['--port', '8080'],
      port: 8080,
      healthCheckConfig: { httpGetUrl: '/ready' },
    });
    assert.equal((await project.plan()).change, 'same');
    project.changes = { ...project.changes, program: { ...program, port: 9000 } };
    assert.deepEqual(
      (await project.plan()).fields
        .filter(({ change }) => change !== 'same')
        .map(({ path, after }) => [path, after]),
      [['program', '["./bin/app","--port","8080"], port 9000, ready at /ready']],
    );
    assert.equal((await project.deploy()).version, '2');
  });

  it('keeps instances for the alias, as the project says', async () => {
    const kept = (): unknown => server.state.functions.get('hello')!.provision.get('live');
    project.changes = { provision: { defaultTarget: 2, alwaysAllocateCPU: true, scheduledActions: [] } };
    const first = await project.deploy();
    assert.deepEqual([first.status, first.message], ['deployed', undefined]);
    assert.deepEqual(kept(), { defaultTarget: 2, alwaysAllocateCPU: true, scheduledActions: [] });
    assert.equal((await project.plan()).change, 'same');
    project.changes = { provision: { defaultTarget: 3 } };
    assert.deepEqual(
      (await project.plan()).fields.filter(({ change }) => change !== 'same'),
      [{ path: 'provision', change: 'change', before: '2 instances', after: '3 instances' }],
    );
    assert.equal((await project.deploy()).status, 'deployed');
    assert.deepEqual(kept(), { defaultTarget: 3 });
    project.changes = {};
    const plan = await project.plan();
    assert.equal(plan.change, 'same');
    assert.match(plan.findings[0]!.message, /3 instances are kept for it there.*they stay/);
  });

  it('leads a route of a domain to the alias, and leaves its other routes alone', async () => {
    const domain = { name: 'www.example.com', protocol: 'HTTP' };
    const trigger = { kind: 'http', name: 'customDomain', methods: ['GET'], shape: 'fc3', domain } as const;
    project.changes = { triggers: [{ ...trigger, path: '/api/*', methods: ['GET'] }] };
    const first = await project.deploy();
    assert.deepEqual(
      [first.status, first.message, first.urls],
      ['deployed', undefined, ['http://www.example.com/api/']],
    );
    const domains = server.state.domains.byName;
    const route = { path: '/api/*', functionName: 'hello', qualifier: 'live', methods: ['GET'] };
    assert.deepEqual(domains.get('www.example.com')!['routeConfig'], { routes: [route] });
    assert.equal((await project.plan()).change, 'same');

    const other = { path: '/other', functionName: 'hello', qualifier: 'LATEST' };
    const certificate = { certName: 'mine' };
    domains.set('www.example.com', {
      ...domains.get('www.example.com'),
      certConfig: certificate,
      routeConfig: { routes: [other, { ...route, qualifier: 'LATEST' }] },
    });
    assert.deepEqual(
      (await project.plan()).fields.filter(({ change }) => change !== 'same'),
      [{ path: 'triggers.customDomain', change: 'create', after: 'route www.example.com/api/* HTTP GET' }],
    );
    assert.equal((await project.deploy()).message, undefined);
    assert.deepEqual(domains.get('www.example.com'), {
      domainName: 'www.example.com',
      protocol: 'HTTP',
      certConfig: certificate,
      routeConfig: { routes: [other, route] },
    });
  });

  it('makes a domain once when the answer is lost, and tells of one that cannot be made', async () => {
    const domain = { name: 'www.example.com' };
    project.changes = {
      triggers: [{ kind: 'http', name: 'customDomain', path: '/*', methods: [], shape: 'fc3', domain }],
    };
    const taken = { Code: 'DomainNameAlreadyExists', Message: 'of another account', RequestId: 'r-1' };
    proxy.inject(/^POST .*custom-domains/, { status: 409, body: taken });
    const first = await project.deploy();
    assert.equal(first.status, 'deployed');
    assert.match(first.message ?? '', /route www\.example\.com\/\* is not set up: .*DomainNameAlreadyExists/);
    proxy.inject(/^POST .*custom-domains/, 'lostAnswer');
    const second = await project.deploy();
    assert.deepEqual([second.status, second.message, proxy.waiting], ['deployed', undefined, 0]);
    assert.equal(server.state.domains.byName.size, 1);
    domain.name = 'auto';
    assert.match(
      (await project.plan()).findings[0]!.message,
      /"auto" is a domain that Serverless Devs makes/,
    );
  });
});
