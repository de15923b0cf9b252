import assert from 'node:assert/strict';
import { startFaultyProxy, type FaultyProxy } from '../faultyProxy.ts';
import { fewFiles, pushBaseImage } from '../images/baseImage.ts';
import { startRegistry, type DockerRegistry } from '../images/dockerRegistry.ts';
import { startKnative, type RunningCluster } from './knativeCluster.ts';
import { KnativeProject, secrets } from './knativeProject.ts';

/** A registry with a base image, for the tests of a file. */
export async function registryWithBase(): Promise<DockerRegistry> {
  const registry = await startRegistry();
  await pushBaseImage(`${registry.host}/base/few:1`, fewFiles);
  return registry;
}

/** What one test deploys from and to. */
export interface KnativeSetting {
  running: RunningCluster;
  /** In front of the cluster's API, and of the registry. */
  api: FaultyProxy;
  images: FaultyProxy;
  project: KnativeProject;
  /** Ends it; fails when a secret was told, or the cluster objected to something. */
  close(): Promise<void>;
}

let number = 0;

/** A cluster of its own with a project to deploy there. */
export async function knativeSetting(registry: DockerRegistry): Promise<KnativeSetting> {
  const running = await startKnative('shop');
  running.cluster.tokens.add(`Bearer ${secrets.token}`);
  const api = await startFaultyProxy(running.url);
  const images = await startFaultyProxy(registry.url);
  const { host } = new URL(images.url);
  const places = {
    server: api.url,
    gateway: running.gateway,
    registry: host,
    baseImage: `${host}/base/few:1`,
  };
  const project = new KnativeProject(places, `fn-${++number}`);
  const setting: KnativeSetting = {
    running,
    api,
    images,
    project,
    async close() {
      // A test may have put others in their places.
      await Promise.all([setting.api.close(), setting.images.close(), running.close()]);
      const everything = JSON.stringify(project.told);
      for (const hidden of Object.values(secrets))
        assert.ok(!everything.includes(hidden), 'a secret was told');
      assert.deepEqual(running.cluster.objections, []);
    },
  };
  return setting;
}
