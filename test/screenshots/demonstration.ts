// Makes the README's animated demonstration in the real editor: `npm run build && npm run demonstration`.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from '../../scripts/setup.mjs';
import { openEditor } from '../support/editorServer.ts';
import { animation, type Frame } from './animation.ts';

const out = join(root, 'docs', 'screenshots', 'demonstration.png');
/** What a README may weigh. */
const mostBytes = 3 * 1024 * 1024;
const temporary = mkdtempSync(join(tmpdir(), 'porchlight-demonstration-'));
const folder = join(temporary, 'hello-fc');
const file = 'index.js';

cpSync(join(root, 'examples', 'hello-fc'), folder, {
  recursive: true,
  filter: (path) => basename(path) !== '.porchlight',
});
const editor = await openEditor({
  name: 'demonstration',
  folder,
  extensionFolder: root,
  settings: {
    'workbench.colorTheme': 'Default Dark Modern',
    'editor.minimap.enabled': false,
    'remote.autoForwardPorts': false,
    'debug.openDebug': 'neverOpen',
  },
});
const { page, workbench } = editor;
const frames: Frame[] = [];

/** Adds a picture of the window as it is, shown for this long. */
async function show(ms: number): Promise<void> {
  frames.push({ png: await page.screenshot(), ms });
}

try {
  await page.setViewportSize({ width: 1080, height: 680 });
  await workbench.openViewContainer('Porchlight');
  await workbench.widenSideBar(110);
  const functions = workbench.view('Functions');
  const invocations = workbench.view('Invocations');
  const hello = workbench.row(/Function hello/, functions);
  await hello.waitFor();
  await workbench.openFile(file);
  await workbench.editor(file).locator('.codelens-decoration a', { hasText: 'Debug' }).waitFor();
  await show(1200);
  await workbench.setBreakpoint(file, 21);
  await show(1200);
  await workbench.codeLens(file, /^Debug$/);
  await workbench.stoppedAt(file, 21);
  await show(2200);
  await workbench.debugToolbar('Continue');
  const debugged = workbench.row(/Invocation of hello: ok/, invocations).first();
  await debugged.waitFor();
  await page.keyboard.press('Shift+F5');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  await page.keyboard.press('F9');
  await workbench.rowAction(hello, 'Switch Process Model');
  await workbench.rowAction(hello, 'Switch Process Model');
  await workbench.rowAction(hello, /^Invoke$/);
  const cold = workbench.row(/Invocation of hello: ok, cold, (?!.*debugged)/, invocations).first();
  await cold.waitFor();
  await show(2200);
  for (let count = 0; count < 2; count++) {
    await workbench.rowAction(hello, /^Invoke$/);
    await workbench
      .row(/Invocation of hello: ok, warm/, invocations)
      .nth(count)
      .waitFor();
    await show(1400);
  }
  await workbench.command('Porchlight: Deploy…');
  const question = workbench.dialog('Deploy hello to local?').getByRole('button', { name: 'Deploy' });
  await question.waitFor();
  await show(1800);
  await question.click();
  await workbench
    .toast(/Deployed to local|Deploying to local/)
    .first()
    .waitFor();
  await show(900);
  await workbench.toast(/Deployed to local/).waitFor();
  await show(2600);
} finally {
  await editor.stop();
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
}
const bytes = animation(frames);
if (bytes.length > mostBytes) throw new Error(`${bytes.length} bytes are too many for a README.`);
writeFileSync(out, bytes);
console.log(`${out}: ${frames.length} pictures, ${Math.round(bytes.length / 1024)} KB`);
