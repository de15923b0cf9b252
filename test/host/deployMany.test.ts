import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAliyunFc } from '../../runtime/deploy/aliyun-fc/index.ts';
import { openAwsLambda } from '../../runtime/deploy/aws-lambda/index.ts';
import { role } from '../support/aws/awsProject.ts';
import { useAws, withoutMoto } from '../support/aws/awsScene.ts';
import { FcProject, secrets } from '../support/fc/fcProject.ts';
import { startFcServer } from '../support/fc/fcServer.ts';
import { startFaultyProxy } from '../support/faultyProxy.ts';
import { ManyFunctions } from '../support/manyFunctions.ts';

const count = 50;

/** Requests by what they ask for, of all functions together. */
function kinds(seen: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const what of seen) {
    const kind = what.replace(/many-\d\d/g, 'NAME').replace(/\?.*$/, '');
    found[kind] = (found[kind] ?? 0) + 1;
  }
  return found;
}

describe('deploying fifty functions', () => {
  describe('to AWS Lambda', { skip: withoutMoto }, () => {
    const aws = useAws();

    it('sends the one that changed, and asks of the others once what is there', async () => {
      const settings = { region: 'us-east-1', role, endpoint: aws.proxy.url };
      const project = new ManyFunctions(count, { runtime: 'nodejs22.x' }, (context) =>
        openAwsLambda('prod', settings, context),
      );
      assert.ok((await project.deploy()).every(({ status }) => status === 'deployed'));

      aws.proxy.seen.length = 0;
      assert.ok((await project.deploy()).every(({ status }) => status === 'unchanged'));
      // All four at the same time, and the role once for all.
      assert.deepEqual(kinds(aws.proxy.seen), {
        'GET /2015-03-31/functions/NAME': count,
        'GET /2015-03-31/functions/NAME/policy': count,
        'GET /2021-10-31/functions/NAME/url': count,
        'GET /2015-03-31/event-source-mappings': count,
        'POST /': 1,
      });

      aws.proxy.seen.length = 0;
      project.code.set('many-07', 'exports.handler = async () => "changed";');
      const changed = (await project.deploy()).filter(({ status }) => status === 'deployed');
      assert.deepEqual(
        changed.map(({ function: name }) => name),
        ['many-07'],
      );
      assert.deepEqual(
        aws.proxy.seen.filter((what) => /^(PUT .*\/code|POST .*\/functions$)/.test(what)),
        ['PUT /2015-03-31/functions/many-07/code'],
      );
    });
  });

  it('to Function Compute sends the one that changed, and asks of the others once what is there', async (t) => {
    const key = { id: 'LTAIexample', secret: secrets.key, securityToken: secrets.token };
    const server = await startFcServer(key);
    const proxy = await startFaultyProxy(server.url);
    t.after(() => Promise.all([proxy.close(), server.close()]));
    const { places } = new FcProject(proxy.url, 'x');
    const common = { platform: 'aliyun-fc', runtime: 'nodejs20', region: 'cn-hangzhou', memoryMB: 256 };
    const project = new ManyFunctions(count, common, (context) =>
      openAliyunFc('prod', { endpoint: proxy.url }, context, { places, pollMs: 1 }),
    );
    assert.ok((await project.deploy()).every(({ status }) => status === 'deployed'));

    proxy.seen.length = 0;
    assert.ok((await project.deploy()).every(({ status }) => status === 'unchanged'));
    assert.deepEqual(kinds(proxy.seen), {
      'GET /2023-03-30/functions/NAME/aliases/live': count,
      'GET /2023-03-30/functions/NAME': count,
      'GET /2023-03-30/functions/NAME/triggers': count,
      'GET /2023-03-30/functions/NAME/provision-config': count,
    });

    proxy.seen.length = 0;
    project.code.set('many-07', 'exports.handler = async () => "changed";');
    const changed = (await project.deploy()).filter(({ status }) => status === 'deployed');
    assert.deepEqual(
      changed.map(({ function: name }) => name),
      ['many-07'],
    );
    assert.deepEqual(
      proxy.seen.filter((what) => /^(PUT .*\/functions\/[^/]+$|POST .*\/functions$)/.test(what)),
      ['PUT /2023-03-30/functions/many-07'],
    );
    assert.deepEqual(server.objections, []);
  });
});
