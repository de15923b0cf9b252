import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { logEvents, startLogServer } from '../support/aws/logServer.ts';
import { openEditor } from '../support/editorServer.ts';
import { tempFolder } from '../support/tempFolder.ts';

const code = `exports.handler = async (order) => {
  console.log('order', order.id);
  const total = order.lines.reduce((sum, { price }) => sum + price, 0);
  return { id: order.id, total };
};
`;

const report = (id: string, more = ''): string =>
  `REPORT RequestId: ${id}\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 65 MB\t${more}`;

test('invocations of a target stand beside those of this machine', async (t) => {
  const folder = tempFolder(t);
  const server = await startLogServer();
  t.after(() => server.close());
  const now = Date.now();
  const error = {
    ...{ errorType: 'TypeError', errorMessage: "Cannot read properties of undefined (reading 'reduce')" },
    stack: ['TypeError: …', '    at exports.handler (/var/task/index.js:3:29)'],
  };
  server.events.push(
    ...logEvents('2026/11/26/[7]0a1b2c3d', now - 40_000, [
      'START RequestId: 6f1f9a52-0001 Version: 7',
      `${new Date(now).toISOString()}\t6f1f9a52-0001\tINFO\torder 17`,
      'END RequestId: 6f1f9a52-0001',
      report('6f1f9a52-0001', 'Init Duration: 182.40 ms\t'),
    ]),
    ...logEvents('2026/11/26/[7]0a1b2c3d', now - 20_000, [
      'START RequestId: 6f1f9a52-0002 Version: 7',
      `${new Date(now).toISOString()}\t6f1f9a52-0002\tINFO\torder 18`,
      `${new Date(now).toISOString()}\t6f1f9a52-0002\tERROR\tInvoke Error \t${JSON.stringify(error)}`,
      'END RequestId: 6f1f9a52-0002',
      report('6f1f9a52-0002'),
    ]),
  );
  writeFileSync(
    join(folder, 'porchlight.yaml'),
    `functions:\n  orders: { handler: index.handler, platform: aws-lambda }\ntargets:\n  prod: { type: aws-lambda, region: eu-west-1, endpoint: '${server.url}' }\n`,
  );
  writeFileSync(join(folder, 'index.js'), code);
  const editor = await openEditor({
    name: 'remoteRows',
    folder,
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
    env: {
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'planted-secret-access-key',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  t.after(() => editor.stop(t));
  const { workbench, screenshot } = editor;
  await workbench.openViewContainer('Porchlight');
  await workbench.widenSideBar(200);
  const invocations = workbench.view('Invocations');
  const deployed = workbench.view('Deployed');
  const orders = workbench.row(/Function orders/, workbench.view('Functions'));
  await orders.waitFor();
  await workbench.openFile('index.js');
  await workbench.rowAction(orders, /^Invoke$/);
  const local = workbench.row(/Invocation of orders: error, cold/, invocations).first();
  await local.waitFor();
  // Room for the others.
  await local.click();
  await editor.page.keyboard.press('ArrowLeft');
  await workbench
    .view('Functions')
    .getByRole('button', { name: /^Functions Section/ })
    .click();
  await deployed.getByRole('button', { name: /^Deployed Section/ }).click();

  await workbench.command('Porchlight: Follow Invocations There…');
  await workbench.pick(/^prod/);
  await workbench.pick(/^orders/);
  const failed = workbench.row(/Invocation of orders on target prod: error, warm, 12 ms/, invocations);
  await failed.waitFor();
  await workbench.row(/Invocation of orders on target prod: ok, cold, 12 ms/, invocations).waitFor();
  await workbench.row(/^orders, version 7 · following/, deployed).waitFor();
  await workbench.expand(failed);
  await workbench.row(/^TypeError: Cannot read properties/, invocations).waitFor();
  await screenshot('followed');
  await failed.click({ button: 'right' });
  await workbench.menuItem('Copy Request Id').waitFor();
  await screenshot('menu');
  await editor.page.keyboard.press('Escape');
  await workbench.row(/^TypeError: Cannot read properties/, invocations).click();

  server.refuseNext('ExpiredTokenException', 'The security token included in the request is expired');
  await workbench.toast(/The log of orders on prod cannot be read for now: .*expired/).waitFor();
  await screenshot('trouble');
  await workbench.row(/^orders, version 7 · following/, deployed).waitFor();
  await workbench.rowAction(
    workbench.row(/^orders, version 7 · following/, deployed),
    'Stop Following Invocations',
  );
  await workbench.row(/^orders, version 7$/, deployed).waitFor();
});
