import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FcProject, secrets } from '../support/fc/fcProject.ts';
import { startFcServer, type FcServer } from '../support/fc/fcServer.ts';
import { fcTriggersOf, sourceTriggers } from '../support/fc/fcTriggers.ts';
import { startFaultyProxy, type FaultyProxy } from '../support/faultyProxy.ts';

const key = { id: 'LTAIexample', secret: secrets.key, securityToken: secrets.token };

describe('deploying triggers to Function Compute', () => {
  let server: FcServer;
  let proxy: FaultyProxy;
  let project: FcProject;

  beforeEach(async () => {
    server = await startFcServer(key);
    proxy = await startFaultyProxy(server.url);
    project = new FcProject(proxy.url, 'hello');
    project.settings = { accountId: '1122334455667788' };
  });
  afterEach(async () => {
    await proxy.close();
    await server.close();
    const everything = JSON.stringify(project.told);
    for (const hidden of [...Object.values(secrets), 'planted-password'])
      assert.ok(!everything.includes(hidden), 'a secret was told');
    assert.deepEqual(server.objections, []);
  });

  const changed = async (): Promise<string[]> =>
    (await project.plan()).fields
      .filter(({ change }) => change !== 'same')
      .map(({ path, change }) => `${change} ${path}`);
  const triggers = () => server.state.functions.get('hello')!.triggers;

  it('makes, changes and takes away those of every service, as the plan says', async () => {
    project.changes = { triggers: fcTriggersOf(sourceTriggers) };
    const first = await project.deploy();
    assert.deepEqual([first.status, first.message], ['deployed', undefined]);
    assert.deepEqual([...triggers().keys()], ['lines', 'orders', 'cdn', 'rows', 'kafka']);
    assert.equal((await project.plan()).change, 'same');
    proxy.seen.length = 0;
    assert.equal((await project.deploy()).status, 'unchanged');
    assert.deepEqual(
      proxy.seen.filter((what) => !what.startsWith('GET')),
      [],
    );

    project.changes = { triggers: fcTriggersOf(sourceTriggers.replace('concurrency: 2', 'concurrency: 3')) };
    assert.deepEqual(await changed(), ['change triggers.kafka']);
    const [second, served] = [await project.deploy(), server.state.served('hello')];
    assert.deepEqual([second.status, second.message, served], ['deployed', undefined, '1']);
    assert.equal((await project.plan()).change, 'same');

    project.changes = { triggers: [] };
    assert.deepEqual((await changed()).sort(), [
      ...['remove triggers.cdn', 'remove triggers.kafka', 'remove triggers.lines'],
      ...['remove triggers.orders', 'remove triggers.rows'],
    ]);
    assert.deepEqual([(await project.deploy()).message, triggers().size], [undefined, 0]);
    assert.equal((await project.plan()).change, 'same');
  });

  it('keeps passwords of sources out of plans, and sees that they changed', async () => {
    const rule = (password: string): string =>
      sourceTriggers.slice(sourceTriggers.indexOf('\n        - triggerName: kafka')).replace(
        /eventSourceType: Kafka[\s\S]*Topic: orders } }/,
        `eventSourceType: DTS
              eventSourceParameters: { sourceDTSParameters: { Sid: s, Password: ${password} } }`,
      );
    project.changes = { triggers: fcTriggersOf(rule('planted-password')) };
    assert.equal((await project.deploy()).message, undefined);
    assert.match(String(triggers().get('kafka')!['triggerConfig']), /planted-password/);
    project.changes = { triggers: fcTriggersOf(rule('planted-password-2')) };
    assert.deepEqual(await changed(), ['change triggers.kafka']);
  });

  it('names a value that is known after a deploy alone with its line, and sends nothing of its trigger', async () => {
    const open = sourceTriggers.replace('project: web', "project: '${resources.logs.output.project}'");
    project.changes = { triggers: fcTriggersOf(open) };
    const { findings } = await project.plan();
    assert.deepEqual(
      findings.map(({ severity, file, line }) => [severity, file, line]),
      [['warning', '/p/s.yaml', 18]],
    );
    assert.match(findings[0]!.message, /its trigger lines .*logConfig\.project.*not known before the deploy/);
    assert.equal((await project.deploy()).message, undefined);
    assert.deepEqual([...triggers().keys()], ['orders', 'cdn', 'rows', 'kafka']);
  });

  it('says that an address is open where the project says so, and closes it where the target does', async () => {
    project.changes = {
      triggers: fcTriggersOf(`
        - { triggerName: web, triggerType: http, triggerConfig: { authType: anonymous, methods: [GET] } }
`),
    };
    const { findings } = await project.plan();
    assert.match(findings[0]!.message, /open to everybody \(authType: anonymous\)/);
    await project.deploy();
    assert.match(String(triggers().get('web')!['triggerConfig']), /"anonymous"/);
    project.settings = { ...project.settings, url: 'function' };
    assert.deepEqual(await changed(), ['change triggers.web']);
    await project.deploy();
    assert.match(String(triggers().get('web')!['triggerConfig']), /"function"/);
  });

  it('takes routes out of domains when a function is removed', async () => {
    const domain = { name: 'www.example.com', protocol: 'HTTP' };
    project.changes = {
      triggers: [{ kind: 'http', name: 'customDomain', path: '/*', methods: [], shape: 'fc3', domain }],
    };
    await project.deploy();
    assert.equal(server.state.domains.byName.size, 1);
    // The next version keeps what was noted.
    project.code = 'exports.handler = async () => 2;';
    await project.deploy();
    await (await project.target()).remove('hello');
    assert.deepEqual([server.state.functions.size, server.state.domains.byName.size], [0, 0]);
  });
});
