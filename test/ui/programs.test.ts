import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { openEditor } from '../support/editorServer.ts';
import { withoutGo } from '../support/go.ts';
import { tempFolder } from '../support/tempFolder.ts';

test('programs are functions like others; a build that fails shows at its line', async (t) => {
  const folder = tempFolder(t);
  cpSync('examples/notes-programs', folder, {
    recursive: true,
    filter: (path) => basename(path) !== '.porchlight',
  });
  const editor = await openEditor({
    name: 'programs',
    folder,
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  });
  t.after(() => editor.stop(t));
  const { workbench, screenshot } = editor;
  await workbench.openViewContainer('Porchlight');
  await workbench.widenSideBar(140);
  const functions = workbench.view('Functions');
  const invocations = workbench.view('Invocations');
  const notes = workbench.row(/Function notes/, functions);
  await notes.waitFor();
  await workbench.expand(notes);
  await workbench.rowAction(notes, /^Invoke$/);
  const latest = workbench.row(/Invocation of notes: ok, cold/, invocations).first();
  await latest.waitFor();
  await workbench.expand(latest);
  await workbench.row(/^Phase load/, invocations).waitFor();
  await screenshot('program');

  if (withoutGo()) return;
  const file = join(folder, 'shortener', 'main.go');
  await workbench.openFile('shortener/main.go');
  const shortener = workbench.row(/Function shortener/, functions);
  await workbench.rowAction(shortener, /^Invoke$/);
  await workbench
    .row(/Invocation of shortener: error, cold/, invocations)
    .first()
    .waitFor();
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('const length = 7', 'const length = seven'));
  await workbench.row(/Function shortener: .*build/i, functions).waitFor();
  await screenshot('failed-build');
});
