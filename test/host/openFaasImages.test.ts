import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openImages } from '../../runtime/deploy/images/index.ts';
import { copyProgram, pushBaseImage } from '../support/images/baseImage.ts';
import { registryIsMissing, startRegistry, type DockerRegistry } from '../support/images/dockerRegistry.ts';
import { pullImage, runImage, type RunningImage } from '../support/images/runImage.ts';
import { startGateway, type GatewayServer } from '../support/openfaas/gatewayServer.ts';
import { OpenFaasProject, token } from '../support/openfaas/openFaasProject.ts';
import { tempFolder } from '../support/tempFolder.ts';

/* From the project to a container that answers: a registry, images and a sandbox as they are, behind a gateway of ours. */

describe('OpenFaaS functions in containers', { skip: registryIsMissing() }, () => {
  let registry: DockerRegistry;
  let gateway: GatewayServer;
  before(async () => {
    registry = await startRegistry();
    await pushBaseImage(`${registry.host}/library/node:20-slim`, (root) => {
      copyProgram(root, process.execPath, 'usr/local/bin/node');
      mkdirSync(join(root, 'etc'));
    });
    gateway = await startGateway(`Basic ${token}`);
  });
  after(async () => {
    await gateway?.close();
    registry?.stop();
  });

  it('answer as the template does, and are switched to when they did', async (t) => {
    const running = new Map<string, Promise<RunningImage>>();
    t.after(async () => {
      for (const each of await Promise.allSettled(running.values()))
        if (each.status === 'fulfilled') each.value.kill();
    });
    gateway.answers = async ({ image, service, method, url, body }) => {
      const started = running.get(image) ?? start(image, gateway.functions.get(service)!.envVars);
      running.set(image, started);
      const container = await started.catch((error: Error) => error);
      if (container instanceof Error) {
        return { status: 500, headers: { 'X-OpenFaaS-Internal': 'proxy' }, body: container.message };
      }
      const answer = await fetch(`${container.url}${url}`, { method, ...(body && { body }) });
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: await answer.text(),
      };
    };
    const start = async (image: string, variables: Record<string, string>): Promise<RunningImage> => {
      const pulled = await pullImage(image, tempFolder(t));
      assert.equal(pulled.settings.Env.includes('exec_timeout=2s'), true);
      // A sandbox shares the machine's ports, which containers do not.
      const file = join(pulled.root, 'porchlight/start.json');
      const told = JSON.parse(readFileSync(file, 'utf8')) as { portVariables: string[] };
      assert.deepEqual(told.portVariables, ['port']);
      writeFileSync(file, JSON.stringify({ ...told, portVariables: ['PORT'] }));
      return runImage(pulled, variables);
    };

    const project = new OpenFaasProject(gateway.url, 'hello');
    project.registry = openImages({ mirror: registry.host, pauseMs: 5 });
    project.settings = {
      registry: `${registry.host}/team`,
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    };
    project.changes = { handler: 'index.default', timeoutMs: 2000 };
    project.environment = { GREETING: 'hello' };
    project.here = { answered: true, status: 'ok', durationMs: 1, result: '{"said":"hello /"}' };
    project.code = `module.exports = async (event, context) => {
      if (event.path === '/never') return new Promise(() => {});
      if (event.path === '/fails') throw new Error('wrong');
      return context.status(200).headers({ 'x-own': '1' }).succeed({ said: process.env.GREETING + ' ' + event.path });
    };`;
    const result = await project.deploy();
    assert.deepEqual([result.status, result.message], ['deployed', undefined]);
    assert.equal(result.verification?.here?.sameResult, true);

    const { url } = await running.get(gateway.functions.get('hello')!.image)!;
    const answer = await fetch(`${url}/some/path`);
    assert.deepEqual(
      [answer.status, answer.headers.get('x-own'), await answer.text()],
      [200, '1', '{"said":"hello /some/path"}'],
    );
    assert.equal((await fetch(`${url}/_/health`)).status, 200);
    assert.equal((await fetch(`${url}/_/ready`)).status, 200);
    assert.equal(
      (await fetch(`${url}/fails`)).status,
      200,
      'the template answers errors with the status that is set',
    );
    assert.equal((await fetch(`${url}/never`)).status, 504);

    project.code = 'module.exports = async () => { throw new Error("wrong"); ';
    const failed = await project.deploy();
    assert.equal(failed.status, 'failed', 'what cannot be loaded never answers');
    assert.match(failed.message ?? '', /SyntaxError: Unexpected end of input[^]*Version 1 goes on serving/);
  });
});
