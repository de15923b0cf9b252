import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { DeployResult } from '../../runtime/model/deploy.ts';
import { secrets as awsSecrets, role } from '../support/aws/awsProject.ts';
import { useAws, withoutMoto } from '../support/aws/awsScene.ts';
import { addressed } from '../support/aws/emulator.ts';
import { ended, startPorchlight } from '../support/commandLine.ts';
import { secrets } from '../support/fc/fcProject.ts';
import { startFcServer } from '../support/fc/fcServer.ts';
import { startFaultyProxy, type FaultyProxy } from '../support/faultyProxy.ts';
import { writeTree } from '../support/fileTree.ts';

interface Cloud {
  proxy: FaultyProxy;
  /** Lines of `targets.prod` and of the function. */
  target: string;
  settings: string;
  variables: Record<string, string>;
  served(): Promise<unknown>;
  /** Requests of a deploy at which its process is killed. */
  moments: Record<string, RegExp>;
}

/** Kills the command line at each moment of a deploy: the version before serves, and the next run completes. */
async function survives(t: TestContext, cloud: Cloud): Promise<void> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'porchlight-test-')));
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const { proxy, target, settings, variables, served, moments } = cloud;
  writeTree(root, {
    'porchlight.yaml': `targets:\n  prod: { ${target}, endpoint: '${proxy.url}' }\nfunctions:\n  hello: { handler: index.handler, ${settings} }\n`,
    'index.js': 'exports.handler = async () => 0;\n',
  });
  const args = ['deploy', '--target', 'prod', '--yes', '--json'];
  const home = { HOME: root, USERPROFILE: root };
  const deploy = async (): Promise<DeployResult['functions'][number]> => {
    const { code, stdout, stderr } = await ended(startPorchlight(root, args, { ...home, ...variables }));
    assert.equal(code, 0, stdout + stderr);
    return (JSON.parse(stdout) as DeployResult).functions[0]!;
  };
  assert.equal((await deploy()).status, 'deployed');
  for (const [number, [moment, pattern]] of Object.entries(moments).entries()) {
    const before = await served();
    writeFileSync(join(root, 'index.js'), `exports.handler = async () => ${number + 1};\n`);
    const child = startPorchlight(root, args, { ...home, ...variables });
    const gone = once(child, 'exit');
    const { inspect } = proxy;
    let killed = false;
    proxy.inspect = (request) => {
      if (!killed && pattern.test(`${request.method} ${request.url}`)) {
        killed = true;
        child.kill('SIGKILL');
        // It was never carried out: what comes after it did not happen either.
        return { status: 503, body: {} };
      }
      return inspect(request);
    };
    await gone;
    proxy.inspect = inspect;
    assert.ok(killed, `${moment} was reached`);
    assert.equal(await served(), before, moment);
    const completed = await deploy();
    assert.equal(completed.status, 'deployed', `${moment}: ${completed.message}`);
    assert.equal(await served(), completed.version, moment);
    assert.equal((await deploy()).status, 'unchanged');
  }
}

describe('a deploy whose process is killed', { skip: process.platform === 'win32' }, () => {
  describe('to AWS Lambda', { skip: withoutMoto }, () => {
    const aws = useAws();
    test('leaves the version before serving, and the next run completes', async (t) => {
      const alias = () => `${aws.proxy.url}/2015-03-31/functions/hello/aliases/live`;
      await survives(t, {
        proxy: aws.proxy,
        target: `type: aws-lambda, region: us-east-1, role: '${role}'`,
        settings: 'platform: aws-lambda, runtime: nodejs24.x',
        variables: {
          AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
          AWS_SECRET_ACCESS_KEY: awsSecrets.key,
          AWS_EC2_METADATA_DISABLED: 'true',
        },
        served: async () => {
          const answer = await fetch(alias(), { headers: addressed('lambda') });
          return ((await answer.json()) as { FunctionVersion: string }).FunctionVersion;
        },
        moments: {
          upload: /^PUT .*\/code/,
          publish: /^POST .*\/versions$/,
          verify: /^POST .*\/invocations/,
          switch: /^PUT .*\/aliases/,
        },
      });
    });
  });

  test('to Function Compute leaves the version before serving, and the next run completes', async (t) => {
    const key = { id: 'LTAIexample', secret: secrets.key, securityToken: secrets.token };
    const server = await startFcServer(key);
    const proxy = await startFaultyProxy(server.url);
    t.after(() => Promise.all([proxy.close(), server.close()]));
    await survives(t, {
      proxy,
      target: 'type: aliyun-fc, region: cn-hangzhou',
      settings: 'platform: aliyun-fc, runtime: nodejs20',
      variables: {
        ALIBABA_CLOUD_ACCESS_KEY_ID: key.id,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.secret,
        ALIBABA_CLOUD_SECURITY_TOKEN: key.securityToken,
      },
      served: () => Promise.resolve(server.state.served('hello')),
      moments: {
        upload: /^PUT .*\/hello$/,
        publish: /^POST .*\/versions$/,
        verify: /^POST .*\/invocations/,
        switch: /^PUT .*\/aliases/,
      },
    });
    assert.deepEqual(server.objections, []);
  });
});
