import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { readWebResult, webResult } from '../../runtime/model/webMessage.ts';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../support/faultyProxy.ts';
import {
  registryIsMissing,
  registryUser,
  startRegistry,
  type DockerRegistry,
} from '../support/images/dockerRegistry.ts';
import type { RunningCluster } from '../support/knative/knativeCluster.ts';
import { secrets, type KnativeProject } from '../support/knative/knativeProject.ts';
import { knativeSetting, registryWithBase, type KnativeSetting } from '../support/knative/knativeSetting.ts';

const skip = registryIsMissing();

describe('deploying to Knative', { skip }, () => {
  let registry: DockerRegistry;
  let setting: KnativeSetting;
  let running: RunningCluster;
  /** In front of the cluster's API, and of the registry. */
  let api: FaultyProxy;
  let images: FaultyProxy;
  let project: KnativeProject;

  before(async () => {
    registry = await registryWithBase();
  });
  after(() => registry?.stop());
  beforeEach(async () => {
    setting = await knativeSetting(registry);
    ({ running, api, images, project } = setting);
  });
  afterEach(() => setting.close());

  const served = (): string | undefined => running.cluster.served(project.name);
  const changing = (): string[] => [...api.seen, ...images.seen].filter((what) => !/^(GET|HEAD) /.test(what));

  it('creates, leaves alone, changes, and rolls back', async () => {
    const { name } = project;
    const first = await project.deploy();
    assert.deepEqual([first.status, first.version], ['deployed', `${name}-00001`], first.message);
    assert.deepEqual(first.urls, [`http://${name}.shop.example.test`]);
    assert.equal(served(), `${name}-00001`);
    const { containers } = running.cluster.services.get(name)!.spec.template.spec;
    assert.match(containers[0]!.image, new RegExp(`/team/${name}@sha256:[0-9a-f]{64}$`));
    assert.deepEqual(containers[0]!.env, [{ name: 'API_TOKEN', value: secrets.variable }]);

    api.seen.length = images.seen.length = 0;
    assert.equal((await project.deploy()).status, 'unchanged');
    assert.deepEqual(changing(), [], 'nothing is changed, nothing is sent');
    assert.deepEqual(
      [api.seen.length, images.seen.length],
      [2, 1],
      'service and revision, and the base image',
    );

    project.code = 'exports.handle = () => 2;';
    assert.equal((await project.plan()).package.unchanged, false);
    const second = await project.deploy();
    assert.deepEqual(
      [second.status, second.version, second.previous],
      ['deployed', `${name}-00002`, `${name}-00001`],
      second.message,
    );
    assert.equal(served(), `${name}-00002`);

    const back = await project.rollBack();
    assert.deepEqual([back.status, back.version], ['rolledBack', `${name}-00001`]);
    assert.equal(served(), `${name}-00001`);
  });

  it('says what differs, and leaves alone what it does not know', async () => {
    await project.deploy();
    running.cluster.edit(project.name, ({ spec }) => {
      Object.assign(spec.template.spec, { serviceAccountName: 'somebody' });
      spec.template.metadata!.name = `${project.name}-by-hand`;
      spec.traffic.push({ revisionName: `${project.name}-00001`, tag: 'old', percent: 0 });
    });
    project.changes = {
      memoryMB: 2048 + 1024,
      process: { ...project.definition.process, concurrency: 5, minInstances: 2 },
    };
    project.environment = { API_TOKEN: secrets.variable, MODE: 'new' };
    const changes = (await project.plan()).fields.filter(({ change }) => change !== 'same');
    assert.deepEqual(
      changes.filter(({ path }) => path !== 'image'),
      [
        { path: 'containerConcurrency', change: 'change', before: '0', after: '5' },
        { path: 'memory', change: 'change', before: '256Mi', after: '3Gi' },
        { path: 'minScale', change: 'change', before: '0', after: '2' },
        { path: 'environment.MODE', change: 'create' },
      ],
    );
    const { status, message } = await project.deploy();
    assert.equal(status, 'deployed', message);
    const { spec } = running.cluster.services.get(project.name)!;
    assert.equal(spec.template.spec['serviceAccountName'], 'somebody');
    assert.equal(spec.template.spec['containerConcurrency'], 5);
    assert.ok(spec.traffic.some(({ tag }) => tag === 'old'));
    assert.equal(spec.template.metadata?.annotations?.['autoscaling.knative.dev/min-scale'], '2');
  });

  it('sends a share of the calls to a new version, and then all', async () => {
    const { name } = project;
    await project.deploy();
    project.code = 'exports.handle = () => 2;';
    const canary = await project.deploy({ percent: 10 });
    assert.equal(canary.status, 'deployed', canary.message);
    assert.deepEqual(running.cluster.services.get(name)!.spec.traffic, [
      { revisionName: `${name}-00001`, percent: 90 },
      { revisionName: `${name}-00002`, percent: 10 },
    ]);
    const [listed] = await (await project.target()).list();
    assert.deepEqual(
      listed!.versions.map(({ version, current, percent }) => [version.slice(-5), current, percent]),
      [
        ['00002', false, 10],
        ['00001', true, 90],
      ],
    );
    assert.equal((await project.rollBack()).version, `${name}-00001`);
    assert.equal(running.cluster.services.get(name)!.spec.traffic[0]!.percent, 100);
    const whole = await project.deploy();
    assert.deepEqual([whole.status, whole.version], ['deployed', `${name}-00002`], whole.message);
    assert.equal(served(), `${name}-00002`);
  });

  it('takes over a service that follows its latest revision, and says so', async () => {
    const { name } = project;
    await project.deploy();
    running.cluster.edit(name, ({ spec }) => (spec.traffic = [{ latestRevision: true, percent: 100 }]));
    project.code = 'exports.handle = () => 2;';
    const plan = await project.plan();
    assert.ok(plan.findings.some(({ message }) => message.includes('whatever revision is the latest')));
    // While it is verified, the one before goes on serving.
    let during: string | undefined;
    running.cluster.serve = ({ metadata }, _request, response) => {
      during ??= `${metadata.name} while ${served()}`;
      response.end('2');
    };
    assert.equal((await project.deploy()).status, 'deployed');
    assert.equal(during, `${name}-00002 while ${name}-00001`);
  });

  it('compares what is answered there with what was answered here', async () => {
    const body = 'hello';
    const headers: [string, string][] = [['x-here', 'yes']];
    project.here.result = body;
    project.here.body = webResult({ status: 200, headers, body: Buffer.from(body) });
    let calls = 0;
    running.cluster.serve = (_revision, _request, response) => {
      calls++;
      response.end(body);
    };
    const { verification } = await project.deploy();
    assert.equal(verification?.here?.sameResult, true);
    assert.ok(verification.warmMs! > 0);
    assert.equal(calls, 2, 'cold, and once more for the warm time');
    project.code = 'exports.handle = () => 2;';
    running.cluster.serve = (_revision, _request, response) => void response.end('other');
    assert.equal((await project.deploy()).verification?.here?.sameResult, false);
  });

  it('serves only what answers a saved event as it expects', async () => {
    const { name } = project;
    await project.deploy();
    project.code = 'exports.handle = () => 2;';
    project.event = {
      ...{ ...project.event, name: 'happy', expects: true },
      check: ({ body }) => (readWebResult(body!)?.status === 201 ? [] : ['statusCode: expected 201']),
    };
    project.here.body = webResult({ status: 201, headers: [], body: Buffer.from('made') });
    const failed = await project.deploy();
    assert.match(failed.message ?? '', /saved event "happy" as expected on prod: statusCode: expected 201/);
    assert.equal(served(), `${name}-00001`);
    running.cluster.serve = (_revision, _request, response) => void response.writeHead(201).end('made');
    const made = await project.deploy();
    assert.deepEqual([made.status, made.verification?.event], ['deployed', 'happy'], made.message);
  });

  it('takes back a version that does not become ready, with the reason of the cluster', async () => {
    const { name } = project;
    await project.deploy();
    project.code = 'throw new Error()';
    running.cluster.failure = { reason: 'ContainerMissing', message: 'Unable to fetch image: 401' };
    const failed = await project.deploy();
    assert.equal(failed.status, 'failed');
    assert.match(failed.message!, /Unable to fetch image: 401.*Version fn-\d+-00001 goes on serving\.$/);
    assert.equal(served(), `${name}-00001`);
    assert.deepEqual(
      [...running.cluster.revisions.keys()].filter((each) => each.startsWith(`${name}-`)),
      [`${name}-00001`],
    );
    running.cluster.failure = undefined;
    assert.equal((await project.deploy()).status, 'deployed');
  });

  it('deploys a function that answers with an error of its own, and says so', async () => {
    running.cluster.serve = (_revision, _request, response) => void response.writeHead(500).end('oh no');
    const deployed = await project.deploy();
    assert.equal(deployed.status, 'deployed');
    assert.match(deployed.message!, /answered the sample event with an error: it answered 500: oh no/);
  });

  it('is not overtaken by somebody else', async () => {
    await project.deploy();
    project.code = 'exports.handle = () => 2;';
    running.cluster.serve = (_revision, _request, response) => {
      running.cluster.edit(project.name, ({ spec }) => {
        spec.traffic = [{ revisionName: `${project.name}-00001`, percent: 100 }];
      });
      running.cluster.statusNews = 0;
      response.end('2');
    };
    const result = await project.deploy();
    // Their change was seen before the switch, which is made of what is there then.
    assert.equal(result.status, 'deployed', result.message);
    assert.equal(served(), `${project.name}-00002`);
  });

  const cut = 'cut' as const;
  const lost = 'lostAnswer' as const;
  const failing: Fault = { status: 503, body: { kind: 'Status', reason: 'ServiceUnavailable' } };
  const throttled: Fault = {
    status: 429,
    headers: { 'retry-after': '0' },
    body: { kind: 'Status', reason: 'TooManyRequests' },
  };
  for (const [what, pattern, fault, times] of [
    ['a cluster that throttles', /^PUT .*services/, throttled, 2],
    ['a cluster that fails', /^GET .*revisions/, failing, 3],
    ['a cut while the service is changed', /^PUT .*services/, cut, 1],
    ['a change whose answer is lost', /^PUT .*services/, lost, 1],
  ] as const) {
    it(`goes on after ${what}`, async () => {
      await project.deploy();
      project.code = 'exports.handle = () => 2;';
      api.inject(pattern, fault, times);
      const result = await project.deploy();
      assert.deepEqual(
        [result.status, result.version],
        ['deployed', `${project.name}-00002`],
        result.message,
      );
      assert.equal(api.waiting, 0, 'the fault happened');
    });
  }

  it('goes on when the answer to the first creation is lost, and when the cluster has news of its own', async () => {
    api.inject(/^POST .*services/, lost);
    assert.equal((await project.deploy()).status, 'deployed');
    project.code = 'exports.handle = () => 2;';
    running.cluster.statusNews = 3;
    assert.equal((await project.deploy()).status, 'deployed');
    assert.equal(running.cluster.statusNews, 0);
  });

  for (const [what, which, pattern, fault, told] of [
    [
      'the registry refuses the image',
      'images',
      /^PUT .*manifests/,
      { status: 400, body: { errors: [{ code: 'MANIFEST_INVALID', message: 'no' }] } },
      /MANIFEST_INVALID/,
    ],
    ['the registry is cut for good', 'images', /^PUT .*uploads|^PATCH .*uploads/, cut, /cannot be reached/],
    [
      'the cluster refuses the change',
      'api',
      /^PUT .*services/,
      { status: 422, body: { kind: 'Status', reason: 'Invalid', message: 'quota' } },
      /Invalid.*quota/,
    ],
    ['the cluster fails for good', 'api', /^PUT .*services/, failing, /ServiceUnavailable/],
    [
      'the token runs out',
      'api',
      /^PUT .*services/,
      { status: 401, body: { kind: 'Status', reason: 'Unauthorized', message: 'token expired' } },
      /Log in to the cluster again/,
    ],
    [
      'the rights are missing',
      'api',
      /^PUT .*services/,
      { status: 403, body: { kind: 'Status', reason: 'Forbidden', message: 'may not' } },
      /needs the right to change the service/,
    ],
  ] as const) {
    it(`leaves the version before serving when ${what}, and completes the next time`, async () => {
      const { name } = project;
      await project.deploy();
      project.code = `exports.handle = () => ${JSON.stringify(what)};`;
      (which === 'api' ? api : images).inject(pattern, fault as Fault, 50);
      const failed = await project.deploy();
      assert.equal(failed.status, 'failed');
      assert.match(failed.message!, told);
      assert.match(failed.message!, /Version fn-\d+-00001 goes on serving\.$/);
      assert.equal(served(), `${name}-00001`);
      await (which === 'api' ? api : images).close();
      const fresh = await startFaultyProxy(which === 'api' ? running.url : registry.url);
      if (which === 'api') {
        setting.api = api = fresh;
        project.places.server = fresh.url;
      } else {
        setting.images = images = fresh;
        const { host } = new URL(fresh.url);
        Object.assign(project.places, { registry: host, baseImage: `${host}/base/few:1` });
      }
      const next = await project.deploy();
      assert.deepEqual([next.status, next.previous], ['deployed', `${name}-00001`], next.message);
    });
  }

  it('is cancelled while the cluster is slow, and leaves nothing behind', async () => {
    const { name } = project;
    await project.deploy();
    project.code = 'exports.handle = () => 2;';
    running.cluster.slowLooks = 1_000_000;
    const cancel = new AbortController();
    const deploying = project.deploy({ signal: cancel.signal });
    while (!running.cluster.revisions.has(`${name}-00002`))
      await new Promise((resolve) => setImmediate(resolve));
    cancel.abort();
    assert.equal((await deploying).status, 'cancelled');
    assert.equal(served(), `${name}-00001`);
    assert.ok(!running.cluster.revisions.has(`${name}-00002`));
    running.cluster.slowLooks = 3;
    assert.equal((await project.deploy()).status, 'deployed');
  });

  it('takes up what a killed deploy has left', async () => {
    const { name } = project;
    await project.deploy();
    project.code = 'exports.handle = () => 2;';
    // Everything up to the switch is done, and nobody is left to take it back.
    const target = await project.target();
    const engine = project.engine();
    const plan = await engine.plan('prod');
    await engine.apply(plan.id, {
      signal: new AbortController().signal,
      onProgress: ({ step, state }) => {
        if (step === 'verify' && state === 'started') api.inject(/./, cut, 1000);
      },
    });
    await api.close();
    setting.api = api = await startFaultyProxy(running.url);
    project.places.server = api.url;
    assert.equal(
      (await target.urls(name).catch(() => [])).length,
      0,
      'the one that was killed reaches nothing',
    );
    const next = await project.deploy();
    assert.deepEqual([next.status, next.version], ['deployed', `${name}-00002`], next.message);
  });

  it('objects before anything is sent', async () => {
    project.settings = { registry: undefined };
    const messages = async () =>
      (await project.plan()).findings.map(({ severity, message }) => `${severity}: ${message}`);
    assert.ok((await messages()).some((text) => /^error: .*nothing says where its image goes/.test(text)));
    project.settings = { baseImage: `${project.places.registry}/base/none:1` };
    assert.ok(
      (await messages()).some((text) => /^error: .*there is no such image\. Set baseImage/.test(text)),
    );
    project.settings = { prefix: 'a-very-long-prefix-for-all-the-names-here' };
    project.changes = { name: 'and-a-name-that-is-long' };
    assert.ok((await messages()).some((text) => /^error: .*does not take ".*" as a name/.test(text)));
    project.changes = {};
    project.settings = { context: 'other' };
    await assert.rejects(project.plan(), /no context "other" \(known: test\)/);
    assert.deepEqual(
      changing().filter((what) => !/uploads/.test(what)),
      [],
    );
  });

  it('asks for a log-in where a registry wants one, and uses it', async (t) => {
    const closed = await startRegistry({ withUsers: true });
    t.after(() => closed.stop());
    project.places.registry = closed.host;
    const { findings } = await project.plan();
    assert.ok(
      findings.some(({ severity, message }) => severity === 'error' && message.includes('docker login')),
    );
    const auth = Buffer.from(`${registryUser.username}:${registryUser.password}`).toString('base64');
    project.places.docker = JSON.stringify({ auths: { [closed.host]: { auth } } });
    assert.equal((await project.deploy()).status, 'deployed');
  });

  it('lists versions and removes a function', async () => {
    await project.deploy();
    project.code = 'exports.handle = () => 2;';
    await project.deploy();
    const target = await project.target();
    const [listed] = await target.list();
    assert.deepEqual(
      listed!.versions.map(({ version, current, verified }) => [version.slice(-5), current, verified]),
      [
        ['00002', true, true],
        ['00001', false, true],
      ],
    );
    await target.remove(project.name);
    assert.deepEqual([running.cluster.services.size, (await target.list()).length], [0, 0]);
  });
});
