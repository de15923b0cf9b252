import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseImageName, type ImageName } from '../../runtime/deploy/images/imageName.ts';
import type { HandlerStart, ImageRequest } from '../../runtime/deploy/images/imageRequest.ts';
import { RegistryImages } from '../../runtime/deploy/images/registryImages.ts';
import type { CredentialPlaces } from '../../runtime/deploy/images/registry/credentials.ts';
import { builtFile, createArchive, type ArchiveStart } from '../../runtime/packaging/archive.ts';
import { copyProgram, copyPython, fewFiles, pushBaseImage } from '../support/images/baseImage.ts';
import { registryIsMissing, startRegistry, type DockerRegistry } from '../support/images/dockerRegistry.ts';
import { registryUser } from '../support/images/dockerRegistry.ts';
import { pullImage, runImage } from '../support/images/runImage.ts';
import { skopeo } from '../support/images/skopeo.ts';
import { startFaultyProxy } from '../support/faultyProxy.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { say } from '../../runtime/support/l10n.ts';

const skip = registryIsMissing();
const signal = new AbortController().signal;
const nobody: CredentialPlaces = {
  env: {},
  home: '/nowhere',
  read: () => Promise.resolve(undefined),
  ask: () => Promise.resolve(undefined),
};
const named = (text: string): ImageName => parseImageName(text, { target: 'test', setting: 'registry' });
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

const knative: HandlerStart = {
  kind: 'handler',
  language: 'nodejs',
  platform: 'knative',
  handler: 'index.handle',
  lifetime: { name: 'hello' },
  concurrency: 2,
  checkPaths: ['/health/liveness', '/health/readiness'],
  portVariables: ['PORT'],
};
const commonJs: ArchiveStart = { entry: 'index.js', loader: 'script', exportName: 'handle' };

interface Asked {
  to: string;
  base: string;
  files: Record<string, string>;
  start?: Partial<HandlerStart>;
  code?: Partial<ArchiveStart>;
}

function request({ to, base, files, start, code }: Asked): ImageRequest {
  const built = Object.entries(files).map(([path, text]) => builtFile(path, Buffer.from(text)));
  return {
    function: 'hello',
    destination: named(to),
    base: named(base),
    architecture,
    archive: createArchive(built, { ...commonJs, ...code }, []),
    start: { ...knative, ...start },
    port: 8080,
    environment: { NODE_ENV: 'production' },
    labels: { 'org.opencontainers.image.title': 'hello' },
  };
}

const echo = {
  'index.js': `
    const words = require('words');
    module.exports = {
      init() { console.log('started in', process.cwd()); },
      handle(context, body) { return { said: words(body.name), as: process.getuid?.() }; },
      shutdown() { console.log('shut down'); },
    };`,
  'node_modules/words/package.json': '{"name":"words","version":"1.0.0"}',
  'node_modules/words/index.js': 'module.exports = (name) => `hello ${name}`;',
};

describe('images in a registry', { skip }, () => {
  let registry: DockerRegistry;
  before(async () => {
    registry = await startRegistry();
    await pushBaseImage(`${registry.host}/base/few:1`, fewFiles);
  });
  after(() => registry?.stop());

  it('pushes what another client pulls, and the same bytes again', async () => {
    const images = new RegistryImages({ places: nobody });
    const base = `${registry.host}/base/few:1`;
    const planned = await images.plan(request({ to: `${registry.host}/team/hello`, base, files: echo }));
    assert.equal(await images.find(planned), undefined);
    const pushed = await images.provide(planned, signal);
    assert.equal(pushed.pushed, true);
    assert.match(pushed.reference, /\/team\/hello@sha256:[0-9a-f]{64}$/);

    const told = JSON.parse(
      await skopeo(['inspect', '--tls-verify=false', `docker://${pushed.reference}`]),
    ) as Record<string, never>;
    assert.equal(told['Digest'], pushed.digest);
    assert.deepEqual(told['Labels'], { 'org.opencontainers.image.title': 'hello' });
    assert.deepEqual(told['Env'], ['PATH=/usr/local/bin:/usr/bin:/bin', 'BASE=yes', 'NODE_ENV=production']);

    const again = new RegistryImages({ places: nobody });
    const same = await again.plan(request({ to: `${registry.host}/team/other`, base, files: echo }));
    const elsewhere = await again.provide(same, signal);
    assert.equal(elsewhere.digest, pushed.digest, 'the same function is the same image everywhere');
    const found = await again.provide(planned, signal);
    assert.deepEqual([found.pushed, found.pushedBytes, found.digest], [false, 0, pushed.digest]);
  });

  it('sends only the layer that changed, and nothing of the base where it can be mounted', async (t) => {
    const proxy = await startFaultyProxy(registry.url);
    t.after(() => proxy.close());
    const host = new URL(proxy.url).host;
    const images = new RegistryImages({ places: nobody });
    const ask = (files: Record<string, string>) =>
      images.plan(request({ to: `${host}/team/layers`, base: `${host}/base/few:1`, files }));
    await images.provide(await ask(echo), signal);
    assert.ok(proxy.seen.some((what) => /^POST .*uploads\/\?mount=sha256/.test(what)));
    assert.equal(
      proxy.seen.filter((what) => /^PUT .*uploads/.test(what)).length,
      4,
      'three layers, one config',
    );

    proxy.seen.length = 0;
    const next = await images.provide(
      await ask({ ...echo, 'index.js': 'exports.handle = () => 2;' }),
      signal,
    );
    const uploads = proxy.seen.filter((what) => /^PUT .*uploads/.test(what));
    assert.equal(uploads.length, 2, 'the function, and the configuration');
    assert.ok(next.pushedBytes < 3000, `${next.pushedBytes} bytes`);
  });

  it('copies the base from another registry', async (t) => {
    const other = await startRegistry();
    t.after(() => other.stop());
    const images = new RegistryImages({ places: nobody });
    const base = `${registry.host}/base/few:1`;
    const pushed = await images.provide(
      await images.plan(request({ to: `${other.host}/team/hello`, base, files: echo })),
      signal,
    );
    const { root } = await pullImage(pushed.reference, tempFolder(t));
    const { status } = spawnSync('ls', [
      join(root, 'etc/link'),
      join(root, 'app/node_modules/words/index.js'),
    ]);
    assert.equal(status, 0);
  });

  it('logs in where it has to, with what Docker keeps', async (t) => {
    const closed = await startRegistry({ withUsers: true });
    t.after(() => closed.stop());
    const { username, password } = registryUser;
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    const withFile = (text: string): CredentialPlaces => ({
      ...nobody,
      env: { DOCKER_CONFIG: '/docker' },
      read: (path) => Promise.resolve(path === join('/docker', 'config.json') ? text : undefined),
    });
    const known = withFile(JSON.stringify({ auths: { [closed.host]: { auth } } }));
    const base = `${registry.host}/base/few:1`;
    const asked = request({ to: `${closed.host}/team/hello`, base, files: echo });
    const images = new RegistryImages({ places: known });
    assert.equal(await images.mayPush(asked.destination), undefined);
    assert.equal((await images.provide(await images.plan(asked), signal)).pushed, true);

    const stranger = await new RegistryImages({ places: nobody }).mayPush(asked.destination);
    assert.match(say(stranger ?? ''), new RegExp(`Run docker login ${closed.host.replaceAll('.', '\\.')}`));
    const wrong = Buffer.from(`${username}:planted-wrong-password`).toString('base64');
    const mistaken = withFile(JSON.stringify({ auths: { [closed.host]: { auth: wrong } } }));
    const refused = await new RegistryImages({ places: mistaken }).mayPush(asked.destination);
    assert.match(say(refused ?? ''), /does not take the credentials/);
    assert.ok(!say(refused ?? '').includes('planted') && !JSON.stringify(refused).includes(wrong));
  });

  it('says that a base image is not there, and which setting names it', async () => {
    const images = new RegistryImages({ places: nobody });
    const asked = request({
      to: `${registry.host}/team/hello`,
      base: `${registry.host}/base/few:2`,
      files: echo,
    });
    await assert.rejects(images.plan(asked), /base\/few:2.*there is no such image.*baseImage/);
  });

  for (const [what, pattern, fault] of [
    ['throttled', /^HEAD .*blobs/, { status: 429, headers: { 'retry-after': '0' }, body: {} }],
    ['failing', /^PUT .*manifests/, { status: 503, body: {} }],
    ['cut in an upload', /^PUT .*uploads/, 'cut'],
    ['without an answer to an upload', /^PUT .*uploads/, 'lostAnswer'],
    ['without an answer to a manifest', /^PUT .*manifests/, 'lostAnswer'],
    ['refusing a layer in one piece', /^PUT .*uploads/, { status: 413, body: {} }],
    [
      'forgetting an upload',
      /^PUT .*uploads/,
      { status: 404, body: { errors: [{ code: 'BLOB_UPLOAD_UNKNOWN' }] } },
    ],
  ] as const) {
    it(`goes on when the registry is ${what}`, async (t) => {
      const proxy = await startFaultyProxy(registry.url);
      t.after(() => proxy.close());
      const host = new URL(proxy.url).host;
      const images = new RegistryImages({ places: nobody, pauseMs: 5 });
      const files = { 'index.js': `exports.handle = () => ${JSON.stringify(what)};` };
      const to = `${host}/faults/${what.replaceAll(' ', '-')}`;
      const planned = await images.plan(request({ to, base: `${host}/base/few:1`, files }));
      proxy.inject(pattern, fault);
      const pushed = await images.provide(planned, signal);
      assert.equal(proxy.waiting, 0, 'the fault happened');
      const { root } = await pullImage(pushed.reference, tempFolder(t));
      assert.equal(spawnSync('grep', ['-q', what, join(root, 'app/index.js')]).status, 0);
    });
  }

  it('is cancelled in an upload, and the next run completes it', async (t) => {
    const proxy = await startFaultyProxy(registry.url);
    t.after(() => proxy.close());
    const host = new URL(proxy.url).host;
    const images = new RegistryImages({ places: nobody, pauseMs: 5 });
    const to = `${host}/faults/cancelled`;
    const planned = await images.plan(request({ to, base: `${host}/base/few:1`, files: echo }));
    const cancel = new AbortController();
    proxy.inject(/^PUT .*uploads/, { status: 503, body: {} }, 2);
    const providing = images.provide(planned, cancel.signal);
    while (proxy.waiting > 1) await new Promise((resolve) => setImmediate(resolve));
    cancel.abort();
    await assert.rejects(providing, { name: 'AbortError' });
    assert.equal(await images.find(planned), undefined);
    proxy.inject(/never/, 'cut', 0);
    assert.equal((await images.provide(planned, signal)).pushed, true);
  });
});

describe('functions in containers', { skip }, () => {
  let registry: DockerRegistry;
  before(async () => {
    registry = await startRegistry();
    await pushBaseImage(`${registry.host}/library/node:22-slim`, (root) => {
      copyProgram(root, process.execPath, 'usr/local/bin/node');
      mkdirSync(join(root, 'etc'));
    });
  });
  after(() => registry?.stop());

  it('answers as an instance does, past a proxy, until it is asked to end', async (t) => {
    const images = new RegistryImages({ places: nobody, mirror: registry.host });
    const asked = request({ to: `${registry.host}/team/hello`, base: 'node:22-slim', files: echo });
    const pushed = await images.provide(await images.plan(asked), signal);
    const image = await pullImage(pushed.reference, tempFolder(t));
    assert.deepEqual(image.settings.Entrypoint.slice(0, 1), ['node']);
    assert.equal(image.settings.Cmd, undefined, 'what the base starts is no argument of ours');
    assert.deepEqual(Object.keys(image.settings.ExposedPorts), ['8080/tcp']);
    const running = await runImage(image);
    t.after(() => running.kill());
    const answer = await fetch(running.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'you' }),
    });
    assert.equal(answer.status, 200, running.output());
    assert.deepEqual(await answer.json(), { said: 'hello you', as: 1000 });
    assert.equal(await (await fetch(`${running.url}/health/readiness`)).text(), 'OK');
    assert.equal((await fetch(`${running.url}/elsewhere`)).status, 404);
    running.terminate();
    assert.equal(await running.ended, 0);
    assert.match(running.output(), /started in \/app[^]*shut down/);
  });

  it('serves a Python function that is an ASGI application', async (t) => {
    if (!existsSync('/usr/bin/python3')) return t.skip('/usr/bin/python3 is not there.');
    await pushBaseImage(`${registry.host}/library/python:3.12-slim`, copyPython);
    const images = new RegistryImages({ places: nobody, mirror: registry.host });
    const code = `
import logging, os
class Function:
    def start(self, env):
        print("started in", os.getcwd())
    def stop(self):
        print("stopped", flush=True)
    async def handle(self, scope, receive, send):
        body = (await receive())["body"].decode()
        logging.info("asked for %s", scope["path"])
        if body == "fail":
            raise ValueError("no good")
        await send({"type": "http.response.start", "status": 201, "headers": [[b"x-as", str(os.getuid()).encode()]]})
        await send({"type": "http.response.body", "body": ("hello " + body).encode()})
def new():
    return Function()
`;
    const asked = request({
      to: `${registry.host}/team/python`,
      base: 'python:3.12-slim',
      files: { 'function/__init__.py': '', 'function/func.py': code },
      start: { language: 'python', handler: 'function.func.new', concurrency: 1 },
      code: { entry: 'function/func.py', exportName: 'new' },
    });
    const pushed = await images.provide(await images.plan(asked), signal);
    const running = await runImage(await pullImage(pushed.reference, tempFolder(t)));
    t.after(() => running.kill());
    const post = (body: string) => fetch(`${running.url}/some/path`, { method: 'POST', body });
    const answers = await Promise.all(['a', 'b', 'c'].map(post));
    assert.deepEqual(
      await Promise.all(
        answers.map(async (answer) => [answer.status, answer.headers.get('x-as'), await answer.text()]),
      ),
      ['a', 'b', 'c'].map((body) => [201, '1000', `hello ${body}`]),
      running.output(),
    );
    const chunks = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Buffer.from('in '));
        controller.enqueue(Buffer.from('chunks'));
        controller.close();
      },
    });
    const streamed = { method: 'POST', body: chunks, duplex: 'half' } as RequestInit;
    assert.equal(await (await fetch(running.url, streamed)).text(), 'hello in chunks');
    assert.equal((await post('fail')).status, 500);
    assert.equal((await fetch(`${running.url}/health/readiness`)).status, 200);
    running.terminate();
    assert.equal(await running.ended, 0);
    assert.match(
      running.output(),
      /started in \/app[^]*INFO:root:asked for \/some\/path[^]*ValueError: no good[^]*stopped/,
    );
  });

  it('starts a program that is a server itself by its own command', async (t) => {
    const images = new RegistryImages({ places: nobody, mirror: registry.host });
    const server =
      'require("http").createServer((q, s) => s.end(process.cwd() + q.url)).listen(+process.env.PORT, "127.0.0.1")';
    const asked: ImageRequest = {
      ...request({
        to: `${registry.host}/team/server`,
        base: 'node:22-slim',
        files: { 'server.js': server },
      }),
      start: { kind: 'command', command: ['node', 'server.js'] },
    };
    const pushed = await images.provide(await images.plan(asked), signal);
    const running = await runImage(await pullImage(pushed.reference, tempFolder(t)));
    t.after(() => running.kill());
    assert.equal(await (await fetch(`${running.url}/x`)).text(), '/app/x');
  });

  it('ends with the reason in its output when the function cannot be loaded', async (t) => {
    const images = new RegistryImages({ places: nobody, mirror: registry.host });
    const files = { 'index.js': 'require("not-there");' };
    const asked = request({ to: `${registry.host}/team/broken`, base: 'node:22-slim', files });
    const pushed = await images.provide(await images.plan(asked), signal);
    const image = await pullImage(pushed.reference, tempFolder(t));
    await assert.rejects(runImage(image), /The container ended:[^]*Cannot find module 'not-there'/);
  });
});
