import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { openEditor } from '../support/editorServer.ts';
import { phpOfMachine } from '../support/php.ts';
import { tempFolder } from '../support/tempFolder.ts';

const skip = phpOfMachine() ? false : 'No PHP 8.0 or newer is installed.';

test('PHP functions show what they log at its line, and where they fail', { skip }, async (t) => {
  const folder = tempFolder(t);
  cpSync('examples/php-requests', folder, {
    recursive: true,
    filter: (path) => basename(path) !== '.porchlight',
  });
  const editor = await openEditor({
    name: 'php',
    folder,
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  });
  t.after(() => editor.stop(t));
  const { workbench, screenshot } = editor;
  await workbench.openViewContainer('Porchlight');
  await workbench.widenSideBar(140);
  const functions = workbench.view('Functions');
  const invocations = workbench.view('Invocations');
  const counter = workbench.row(/Function counter:/, functions);
  await counter.waitFor();
  await workbench.openFile('counter.php');
  await workbench.rowAction(counter, /^Invoke$/);
  const latest = workbench.row(/Invocation of counter: ok, cold/, invocations).first();
  await latest.waitFor();
  await workbench.inlineText('counter.php', 'world is greeted {"call":1}');
  await screenshot('logged');

  const file = join(folder, 'counter.php');
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace('$calls++;', "$calls++;\n    throw new DomainException('nobody is here');"),
  );
  await workbench.rowAction(counter, /^Invoke$/);
  const failed = workbench.row(/Invocation of counter: error/, invocations).first();
  await failed.waitFor();
  await workbench.expand(failed);
  await workbench.row(/^DomainException: nobody is here, counter\.php line 12/, invocations).waitFor();
  await workbench.inlineText('counter.php', 'DomainException: nobody is here');
  await screenshot('failed');
});
