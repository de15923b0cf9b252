import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { examples } from '../../../../../extension/commands/starting/examples.ts';
import { continueExample } from '../../../../../extension/commands/starting/openExample.ts';
import { nameFault, templates } from '../../../../../extension/commands/starting/templates.ts';
import { root } from '../../../../../scripts/setup.mjs';
import { commandServices } from '../../../../support/commandServices.ts';
import type { VscodeMock } from '../../../../support/vscodeMock.ts';

const javascript = 'JavaScript · AWS Lambda';
/** Path of the file that was shown last. */
const shownPath = (mock: VscodeMock): string | undefined =>
  (mock.shown.at(-1)?.document as unknown as { path: string } | undefined)?.path;
const shipped = `${root.replaceAll('\\', '/')}`;

test('New Function adds to the project file that fits, and copies the code', async (t) => {
  const { run, mock, dialogs } = commandServices(t);
  const before = '# Ours.\nfunctions:\n  old: { handler: a.b }\n';
  mock.files.set('/p/porchlight.yaml', before);
  mock.files.set('/p/stack.yaml', 'provider:\n  name: openfaas\n');
  mock.files.set(`${shipped}/templates/aws-lambda/javascript/index.js`, '// {{name}}\n');
  dialogs.picks = [javascript];
  dialogs.inputs = ['greet'];
  await run('newFunction');
  const after = mock.files.get('/p/porchlight.yaml')!;
  assert.ok(after.startsWith(before), after);
  assert.match(after, /\n {2}greet:\n {4}platform: aws-lambda\n/);
  assert.equal(mock.files.get('/p/greet/index.js'), '// greet\n');
  assert.equal(shownPath(mock), '/p/greet/index.js');
});

test('New Function makes a project file where there is none, and asks where there are several', async (t) => {
  const { run, mock, dialogs } = commandServices(t);
  mock.files.set(`${shipped}/templates/aws-lambda/javascript/index.js`, '');
  dialogs.picks = [javascript];
  dialogs.inputs = ['hello'];
  await run('newFunction');
  assert.match(mock.files.get('/p/porchlight.yaml') ?? '', /^functions:\n {2}hello:\n/);

  mock.files.set('/p/shop/template.yaml', 'Transform: AWS::Serverless-2016-10-31\nResources:\n');
  dialogs.picks = [javascript, '/p/shop/template.yaml'];
  dialogs.inputs = ['orders'];
  await run('newFunction');
  assert.ok(dialogs.shown.includes('pick: /p/porchlight.yaml | /p/shop/template.yaml'));
  assert.match(mock.files.get('/p/shop/template.yaml')!, /OrdersFunction:/);
  assert.ok(mock.files.has('/p/shop/orders/index.js'));
});

test('New Function writes nothing when the project file has errors', async (t) => {
  const { run, mock, dialogs } = commandServices(t);
  mock.files.set('/p/porchlight.yaml', 'functions: [\n');
  dialogs.picks = [javascript];
  dialogs.inputs = ['hello'];
  await assert.rejects(async () => run('newFunction'), /porchlight\.yaml has errors/);
  assert.deepEqual([...mock.files.keys()], ['/p/porchlight.yaml']);
});

test('names are what the platform allows', () => {
  assert.equal(nameFault('aws-lambda', 'greetAll_2'), undefined);
  assert.match(nameFault('aws-lambda', '2greet')!, /beginning with a letter/);
  assert.match(nameFault('knative', 'greetAll')!, /^Lower-case/);
  assert.match(nameFault('openfaas', 'a'.repeat(64))!, /63/);
  for (const bad of ['../x', 'a/b', '', 'a b', 'a.b'])
    assert.ok(nameFault('aliyun-fc', bad), `${bad} is no name`);
});

test('Open Example copies it beside what is there, and its window goes on with code and tour', async (t) => {
  const { run, mock, dialogs, services } = commandServices(t, []);
  mock.files.set(`${shipped}/examples/hello-fc/index.js`, 'code');
  mock.files.set('/projects/hello-fc/index.js', 'older');
  dialogs.picks = ['hello-fc'];
  dialogs.files = [mock.api.Uri.file('/projects')];
  await run('openExample');
  assert.equal(mock.files.get('/projects/hello-fc-2/index.js'), 'code');
  assert.equal(mock.files.get('/projects/hello-fc/index.js'), 'older');
  const [command, uri, options] = mock.executed.at(-1)!;
  assert.deepEqual(
    [command, String(uri), options],
    ['vscode.openFolder', 'file:///projects/hello-fc-2', { forceNewWindow: false }],
  );

  mock.changeFolders(['/projects/other']);
  await continueExample(services);
  assert.equal(mock.shown.length, 0, 'another window went on with it');
  mock.changeFolders(['/projects/hello-fc-2']);
  await continueExample(services);
  assert.equal(shownPath(mock), '/projects/hello-fc-2/index.js');
  assert.equal(mock.executed.at(-2)?.[0], 'workbench.action.openWalkthrough');
  await continueExample(services);
  assert.equal(mock.shown.length, 1, 'it goes on once');
});

test('every example and template is there, with the file that is opened', () => {
  for (const { folder, main } of examples)
    assert.ok(existsSync(join(root, 'examples', folder, main)), folder);
  for (const { platform, folder, main } of templates)
    assert.ok(existsSync(join(root, 'templates', platform, folder, main)), `${platform} ${folder}`);
});
