import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { registryIsMissing, type DockerRegistry } from '../support/images/dockerRegistry.ts';
import type { RunningCluster } from '../support/knative/knativeCluster.ts';
import type { KnativeProject } from '../support/knative/knativeProject.ts';
import { knativeSetting, registryWithBase, type KnativeSetting } from '../support/knative/knativeSetting.ts';

describe('the first version of a function on Knative', { skip: registryIsMissing() }, () => {
  let registry: DockerRegistry;
  let setting: KnativeSetting;
  let running: RunningCluster;
  let project: KnativeProject;

  before(async () => {
    registry = await registryWithBase();
  });
  after(() => registry?.stop());
  beforeEach(async () => {
    setting = await knativeSetting(registry);
    ({ running, project } = setting);
  });
  afterEach(() => setting.close());

  it('is taken back with its service when it does not answer', async () => {
    running.cluster.serve = (_revision, _request, response) => void response.writeHead(503).end();
    const failed = await project.deploy();
    assert.equal(failed.status, 'failed');
    assert.match(failed.message!, /did not answer on prod.*Nothing of it is deployed\.$/);
    assert.equal(running.cluster.services.size, 0);
  });

  it('is reached by nobody outside before it has answered', async () => {
    const { name } = project;
    const label = () =>
      running.cluster.services.get(name)!.metadata.labels?.['networking.knative.dev/visibility'];
    const seen: (string | undefined)[] = [];
    running.cluster.serve = (_revision, _request, response) => {
      seen.push(label());
      response.end('1');
    };
    const first = await project.deploy();
    assert.equal(first.status, 'deployed', first.message);
    assert.deepEqual([...new Set(seen)], ['cluster-local']);
    assert.equal(label(), undefined);
    assert.deepEqual(first.urls, [`http://${name}.shop.example.test`]);
    project.settings = { ...project.settings, visibility: 'cluster' };
    assert.equal((await project.deploy()).status, 'deployed');
    assert.equal(label(), 'cluster-local');
  });

  it('says which right is missing where it cannot be asked', async () => {
    running.cluster.refusesProxy = true;
    project.settings = { ...project.settings, gateway: undefined };
    const failed = await project.deploy();
    assert.equal(failed.status, 'failed');
    assert.match(failed.message!, /right to create and get services\/proxy/);
    assert.equal(running.cluster.services.size, 0);
  });
});
