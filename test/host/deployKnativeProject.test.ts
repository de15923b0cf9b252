import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { DeployPlan, DeployResult } from '../../runtime/model/deploy.ts';
import { ended, startPorchlight } from '../support/commandLine.ts';
import { writeTree } from '../support/fileTree.ts';
import { copyProgram, pushBaseImage } from '../support/images/baseImage.ts';
import { registryIsMissing, registryUser, startRegistry } from '../support/images/dockerRegistry.ts';
import { pullImage, runImage, type RunningImage } from '../support/images/runImage.ts';
import { skopeo } from '../support/images/skopeo.ts';
import { startKnative, type KnativeCluster, type Revision } from '../support/knative/knativeCluster.ts';
import { tempFolder } from '../support/tempFolder.ts';

const skip = registryIsMissing();
const secrets = {
  variable: 'planted-secret-in-env',
  token: 'planted-cluster-token',
  password: registryUser.password,
};
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

const source = (text: string): string => `
const words = require('words');
module.exports.handle = (context, body) => ({ said: words(${JSON.stringify(text)}), token: (process.env.API_TOKEN ?? '').length });
`;

/** Runs the image of a revision when it is first called, with the variables of its service, and passes requests on. */
function runsImages(t: TestContext, cluster: KnativeCluster): void {
  const started = new Map<string, Promise<RunningImage>>();
  const start = async ({ spec }: Revision): Promise<RunningImage> => {
    const { image, env = [] } = spec.containers[0]!;
    const variables = Object.fromEntries(env.map(({ name, value = '' }) => [name, value]));
    const running = await runImage(await pullImage(image, tempFolder(t)), variables);
    t.after(() => running.kill());
    return running;
  };
  const pass = async (
    revision: Revision,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const { name } = revision.metadata;
    if (!started.has(name)) started.set(name, start(revision));
    const { url } = await started.get(name)!;
    const { method, headers } = request;
    const sent = httpRequest(new URL(request.url!, url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(sent);
  };
  cluster.serve = (revision, request, response) =>
    void pass(revision, request, response).catch((error: unknown) =>
      response.writeHead(502).end(String(error)),
    );
}

test(
  'a project of func is deployed by one command, and its container answers as it did here',
  { skip },
  async (t) => {
    const registry = await startRegistry({ withUsers: true });
    t.after(() => registry.stop());
    const running = await startKnative('shop');
    t.after(() => running.close());
    running.cluster.tokens.add(`Bearer ${secrets.token}`);
    runsImages(t, running.cluster);

    const home = realpathSync(tempFolder(t));
    const auth = Buffer.from(`${registryUser.username}:${registryUser.password}`).toString('base64');
    mkdirSync(join(home, 'docker'));
    writeFileSync(
      join(home, 'docker', 'config.json'),
      JSON.stringify({ auths: { [registry.host]: { auth } } }),
    );
    // Skopeo looks there as well.
    process.env['REGISTRY_AUTH_FILE'] = join(home, 'docker', 'config.json');
    t.after(() => delete process.env['REGISTRY_AUTH_FILE']);
    await pushBaseImage(`${registry.host}/base/node:1`, (root) =>
      copyProgram(root, process.execPath, 'usr/local/bin/node'),
    );
    const kubeconfig = {
      'current-context': 'test',
      clusters: [{ name: 'c', cluster: { server: running.url } }],
      users: [{ name: 'u', user: { token: secrets.token } }],
      contexts: [{ name: 'test', context: { cluster: 'c', user: 'u' } }],
    };
    writeFileSync(join(home, 'kubeconfig'), JSON.stringify(kubeconfig));

    const root = join(home, 'project');
    writeTree(root, {
      'func.yaml': `specVersion: 0.36.0\nname: hello\nruntime: node\ncreated: 2026-01-01T00:00:00Z\nregistry: ${registry.host}/team\nnamespace: shop\n`,
      'porchlight.yaml': `targets:\n  prod: { type: knative, baseImage: '${registry.host}/base/node:1', gateway: '${running.gateway}', architecture: ${architecture} }\n`,
      'package.json': '{"dependencies":{"words":"1.0.0"}}',
      'node_modules/words/package.json': '{"name":"words","version":"1.0.0"}',
      'node_modules/words/index.js': 'module.exports = (text) => `hello ${text}`;',
      'index.js': source('one'),
      '.env.prod': `API_TOKEN=${secrets.variable}\n`,
    });
    const told: string[] = [];
    const run = async <T>(...args: string[]): Promise<T> => {
      const variables = { KUBECONFIG: join(home, 'kubeconfig'), DOCKER_CONFIG: join(home, 'docker') };
      const child = startPorchlight(root, [...args, '--target', 'prod', '--json'], variables);
      child.stdin!.end();
      const result = await ended(child);
      told.push(result.stdout, result.stderr);
      assert.equal(result.code, 0, result.stderr);
      return JSON.parse(result.stdout) as T;
    };

    const plan = await run<DeployPlan>('deploy', '--plan');
    assert.deepEqual(plan.functions[0]!.findings, []);
    const first = (await run<DeployResult>('deploy', '--yes')).functions[0]!;
    assert.deepEqual([first.status, first.version], ['deployed', 'hello-00001'], first.message);
    assert.equal(first.verification?.here?.sameResult, true, 'as it did on this machine');
    const call = async (): Promise<unknown> =>
      await new Promise<IncomingMessage>((resolve) =>
        httpRequest(running.gateway, { headers: { host: 'hello.shop.example.test' } }, resolve).end(),
      ).then(async (answer) => JSON.parse((await answer.toArray()).join('')) as unknown);
    assert.deepEqual(await call(), { said: 'hello one', token: secrets.variable.length });

    writeFileSync(join(root, 'index.js'), source('two'));
    const second = (await run<DeployResult>('deploy', '--yes')).functions[0]!;
    assert.deepEqual([second.version, second.previous], ['hello-00002', 'hello-00001'], second.message);
    assert.deepEqual(await call(), { said: 'hello two', token: secrets.variable.length });
    assert.equal((await run<DeployResult>('deploy', '--yes')).functions[0]!.status, 'unchanged');
    await run<DeployResult>('rollback', 'hello', '--yes');
    assert.deepEqual(await call(), { said: 'hello one', token: secrets.variable.length });

    assert.deepEqual(running.cluster.objections, []);
    for (const hidden of Object.values(secrets))
      assert.ok(!told.join('').includes(hidden), 'a secret was told');
    const image = running.cluster.services.get('hello')!.spec.template.spec.containers[0]!.image;
    const layout = join(home, 'image');
    await skopeo(['copy', '--src-tls-verify=false', `docker://${image}`, `dir:${layout}`]);
    for (const where of [layout, join(root, '.porchlight')]) {
      const found = execFileSync('sh', [
        '-c',
        'for f in $(find "$0" -type f); do (zcat "$f" 2>/dev/null || cat "$f") | grep -a -l -e "$1" -e "$2" -e "$3" >/dev/null && echo "$f"; done; true',
        where,
        ...Object.values(secrets),
      ]);
      assert.equal(String(found), '', 'a secret was kept');
    }
  },
);
