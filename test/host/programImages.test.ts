import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { parseImageName } from '../../runtime/deploy/images/imageName.ts';
import type { ImageRequest } from '../../runtime/deploy/images/imageRequest.ts';
import { RegistryImages } from '../../runtime/deploy/images/registryImages.ts';
import { imageRequest as knativeImage } from '../../runtime/deploy/knative/imageOfFunction.ts';
import { readSettings as knativeSettings } from '../../runtime/deploy/knative/settings.ts';
import { imageRequest as openFaasImage } from '../../runtime/deploy/openfaas/image.ts';
import { readSettings as openFaasSettings } from '../../runtime/deploy/openfaas/settings.ts';
import type { FunctionDefinition } from '../../runtime/model/functionDefinition.ts';
import { archiveFunction } from '../../runtime/packaging/archiveFunction.ts';
import { copyProgram, fewFiles, pushBaseImage } from '../support/images/baseImage.ts';
import { registryIsMissing, startRegistry, type DockerRegistry } from '../support/images/dockerRegistry.ts';
import { pullImage, runImage, type RunningImage } from '../support/images/runImage.ts';
import { sampleOf } from '../support/deployProject.ts';
import { writeTree } from '../support/fileTree.ts';
import { functionDefinition } from '../support/functionDefinition.ts';
import { tempFolder } from '../support/tempFolder.ts';

const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
const withoutGo = spawnSync('go', ['version']).status === 0 ? false : 'go is not installed.';

/* From a program and its project file to a container that answers. */

describe('programs in containers', { skip: registryIsMissing() }, () => {
  let registry: DockerRegistry;
  before(async () => {
    registry = await startRegistry();
    await pushBaseImage(`${registry.host}/library/node:22-slim`, (root) => {
      copyProgram(root, process.execPath, 'usr/local/bin/node');
      mkdirSync(join(root, 'etc'));
    });
    await pushBaseImage(`${registry.host}/library/debian:stable-slim`, fewFiles);
  });
  after(() => registry?.stop());

  const itemOf = async (root: string, changes: Partial<FunctionDefinition>) => {
    const definition: FunctionDefinition = {
      ...functionDefinition(root, { name: 'program', handler: '', language: 'custom' }),
      ...changes,
    };
    const archive = await archiveFunction(definition, { root, places: root });
    return { definition, archive, environment: {}, runnable: true, findings: [], event: sampleOf('{}') };
  };

  const run = async (t: TestContext, request: ImageRequest, variables?: Record<string, string>) => {
    const places = {
      ...{ env: {}, home: '/nowhere' },
      read: () => Promise.resolve(undefined),
      ask: () => Promise.resolve(undefined),
    };
    const images = new RegistryImages({ places, mirror: registry.host });
    const signal = new AbortController().signal;
    const pushed = await images.provide(await images.plan(request), signal);
    const image = await pullImage(pushed.reference, tempFolder(t));
    const running: RunningImage = await runImage(image, variables);
    t.after(() => running.kill());
    return { image, running };
  };
  const destination = () =>
    parseImageName(`${registry.host}/team/program`, { target: 'prod', setting: 'registry' });

  it('are scripts upon the image of what runs them', async (t) => {
    const root = tempFolder(t);
    writeTree(root, {
      'server.cjs': `require('node:http')
          .createServer((request, response) => response.end(process.argv.slice(2) + ' ' + process.cwd() + request.url))
          .listen(process.env.PORT);
        process.on('SIGTERM', () => { console.log('ends'); process.exit(); });`,
    });
    const item = await itemOf(root, {
      platform: 'knative',
      program: { command: ['node', 'server.cjs', '--port=$PORT'] },
    });
    const request = await knativeImage(
      'prod',
      item,
      knativeSettings('prod', { architecture }),
      destination(),
    );
    assert.deepEqual(
      [request.base.repository, request.base.tag, request.port],
      ['library/node', '22-slim', 8080],
    );
    const { image, running } = await run(t, request);
    assert.deepEqual(image.settings.Entrypoint, ['node', 'server.cjs', '--port=8080']);
    assert.equal(await (await fetch(`${running.url}/some/path`)).text(), '--port=8080 /app/some/path');
    running.terminate();
    assert.equal(await running.ended, 0, running.output());
    assert.match(running.output(), /ends/);
  });

  it('are binaries that bring all they need', { skip: withoutGo }, async (t) => {
    const made = tempFolder(t);
    writeTree(made, {
      'go.mod': 'module example.test/program\n\ngo 1.19\n',
      'main.go': `package main

import (
	"io"
	"net"
	"os"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		panic(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		connection.Read(make([]byte, 4096))
		io.WriteString(connection, "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 8\\r\\n\\r\\nfrom go\\n")
		connection.Close()
	}
}
`,
    });
    execFileSync('go', ['build', '-o', 'app', '.'], {
      cwd: made,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' },
    });
    chmodSync(join(made, 'app'), 0o644);
    const whole = await itemOf(made, {
      platform: 'openfaas',
      program: { command: ['./app'], protocol: 'http' },
    });
    const settings = openFaasSettings('prod', { architecture });
    const request = await openFaasImage(whole, { target: 'prod', settings, destination: destination() });
    assert.equal(request.base.repository, 'library/debian');
    const { image, running } = await run(t, request);
    assert.deepEqual(image.settings.Entrypoint, ['/app/app']);
    assert.ok(image.settings.Env.includes('PORT=8080'));
    assert.equal(await (await fetch(running.url)).text(), 'from go\n', running.output());
  });
});
