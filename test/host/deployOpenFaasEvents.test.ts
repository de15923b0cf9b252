import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readWebResult, webResult } from '../../runtime/model/webMessage.ts';
import { startGateway, type GatewayServer } from '../support/openfaas/gatewayServer.ts';
import { OpenFaasProject, token } from '../support/openfaas/openFaasProject.ts';

describe('deploying to OpenFaaS with saved events', () => {
  let gateway: GatewayServer;
  let project: OpenFaasProject;
  beforeEach(async () => {
    gateway = await startGateway(`Basic ${token}`);
    project = new OpenFaasProject(gateway.url, 'hello');
  });
  afterEach(() => gateway.close());

  it('serves only what answers a saved event as it expects, and measures it cold and warm', async () => {
    const { bytes, ...event } = project.event;
    project.event = {
      ...{ ...event, bytes, name: 'happy', trigger: 'http', expects: true },
      check: ({ status, body }) => {
        const web = body && readWebResult(body);
        return web?.status === 201 ? [] : [`statusCode: expected 201, but it is ${web?.status} (${status})`];
      },
    };
    project.here.body = webResult({ status: 201, headers: [], body: Buffer.from('made') });
    project.here.result = 'made';
    gateway.answers = () => ({ status: 201, body: 'made' });
    const { status, verification } = await project.deploy();
    assert.deepEqual(
      [status, verification?.event, verification?.here?.sameResult],
      ['deployed', 'happy', true],
    );
    assert.ok(verification!.warmMs! > 0);

    const { image } = gateway.functions.get('hello')!;
    project.code = 'exports.handler = async () => 2;';
    gateway.answers = () => ({ status: 404, body: 'gone' });
    const failed = await project.deploy();
    assert.match(failed.message ?? '', /"happy" as expected on prod: statusCode: .* it is 404 \(error\)/);
    assert.deepEqual(
      [[...gateway.functions.keys()], gateway.functions.get('hello')!.image],
      [['hello'], image],
    );
  });
});
