import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { FaultyProxy } from '../support/faultyProxy.ts';
import { registryIsMissing, type DockerRegistry } from '../support/images/dockerRegistry.ts';
import type { RunningCluster } from '../support/knative/knativeCluster.ts';
import { secrets, type KnativeProject } from '../support/knative/knativeProject.ts';
import { knativeSetting, registryWithBase, type KnativeSetting } from '../support/knative/knativeSetting.ts';

const skip = registryIsMissing();

describe('what is deployed to Knative', { skip }, () => {
  let registry: DockerRegistry;
  let setting: KnativeSetting;
  let running: RunningCluster;
  /** In front of the cluster's API. */
  let api: FaultyProxy;
  let project: KnativeProject;

  before(async () => {
    registry = await registryWithBase();
  });
  after(() => registry?.stop());
  beforeEach(async () => {
    setting = await knativeSetting(registry);
    ({ running, api, project } = setting);
  });
  afterEach(() => setting.close());

  it('calls what serves, once, at the address of the service', async () => {
    await project.deploy();
    const target = await project.target();
    const call = { name: project.name, event: Buffer.from('{"a":1}'), timeoutMs: 5000 };
    const { signal } = new AbortController();
    const asked: string[] = [];
    running.cluster.serve = (revision, request, response) => {
      asked.push(`${request.method} ${request.headers.host} ${revision.metadata.name}`);
      response.writeHead(503).end('no upstream');
    };
    const failed = await target.invoke!(call, signal);
    assert.deepEqual([failed.answered, failed.message], [false, 'it answered 503: no upstream']);
    assert.deepEqual(
      asked,
      [`POST ${project.name}.shop.example.test ${project.name}-00001`],
      'it is not repeated',
    );
    running.cluster.serve = (_revision, _request, response) => void response.end('done');
    const { durationMs: _ms, body: _body, ...answer } = await target.invoke!(call, signal);
    assert.deepEqual(answer, { answered: true, status: 'ok', result: 'done' });

    // Where its name is not known here, the cluster's API passes it on, also to a service without instances.
    project.settings = { gateway: undefined };
    const through = await (await project.target()).invoke!(call, signal);
    assert.deepEqual([through.result, running.cluster.proxied], ['done', [`${project.name}-00001`]]);
    project.places.token = 'planted-other-token';
    await assert.rejects((await project.target()).invoke!(call, signal), /Log in to the cluster again/);
  });

  it('reads what its pods have written', async () => {
    await project.deploy();
    const { name: service } = project;
    const { signal } = new AbortController();
    const target = await project.target();
    const since = Date.parse('2026-03-01T10:00:00.500Z');
    assert.deepEqual(await target.readLogs!(service, since, signal), [], 'no instance, no log');
    const named = { name: 'queue-proxy', ports: [{ containerPort: 8012 }] };
    const pod = (name: string, createdAt: string) => ({
      ...{ name: `${service}-${name}`, service, createdAt },
      containers: [named, { name: 'user-container', ports: [{ containerPort: 8080 }] }],
    });
    running.cluster.pods.push(
      {
        ...pod('first', '2026-03-01T09:00:00Z'),
        log: `2026-03-01T10:00:00.100000000Z too early
2026-03-01T10:00:02.000000002Z   two, ${secrets.token}
2026-03-01T10:00:02.000000003Z
`,
        previous: `2026-03-01T10:00:01.000000001Z it ended
2026-03-01T10:00:02.000000002Z   two, ${secrets.token}
`,
      },
      {
        ...pod('own', '2026-03-01T09:00:01Z'),
        containers: [{ name: 'web', ports: [{ containerPort: 8080 }] }, named],
        log: '2026-03-01T10:00:03.25Z three\n',
      },
      { ...pod('starting', '2026-03-01T09:00:02Z') },
      {
        ...pod('of-another', '2026-03-01T09:00:03Z'),
        service: 'other',
        log: '2026-03-01T10:00:09Z not ours\n',
      },
    );
    const lines = await target.readLogs!(service, since, signal);
    project.told.push(lines);
    lines.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
    assert.deepEqual(
      lines.map(({ time, instance, text }) => [time - since, instance.slice(service.length + 1), text]),
      [
        [500, 'first', 'it ended'],
        [1500, 'first', '  two, ***'],
        [1500, 'first', ''],
        [2750, 'own', 'three'],
      ],
    );
    api.inject(/^GET .*\/log/, {
      status: 403,
      body: { kind: 'Status', reason: 'Forbidden', message: 'pods/log' },
    });
    await assert.rejects(
      target.readLogs!(service, since, signal),
      /needs the right to read the log of the pod/,
    );
  });
});
