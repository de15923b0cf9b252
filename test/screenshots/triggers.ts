// Takes the README's picture of triggers and queues, in the real editor; part of `npm run screenshots`.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from '../../scripts/setup.mjs';
import { openEditor } from '../support/editorServer.ts';

const folder = join(tmpdir(), 'porchlight-pictures', 'parcels');
const calm = 700;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
cpSync(join(root, 'examples', 'parcels'), folder, {
  recursive: true,
  filter: (path) => basename(path) !== '.porchlight',
});

const editor = await openEditor({
  name: 'readme-triggers',
  folder,
  extensionFolder: root,
  settings: {
    'workbench.colorTheme': 'Default Dark Modern',
    'editor.minimap.enabled': false,
    'remote.autoForwardPorts': false,
    // The one that runs this: the system's may be too old for the example.
    'porchlight.nodePath': process.execPath,
  },
});
const { page, workbench } = editor;

try {
  await workbench.openViewContainer('Porchlight');
  await workbench.widenSideBar(230);
  const functions = workbench.view('Functions');
  const invocations = workbench.view('Invocations');
  await workbench.openFile('porchlight.yaml');
  await workbench.expand(workbench.row(/Function announce-parcels/, functions));
  // The functions need the room of both views.
  const border = await invocations.boundingBox();
  await page.mouse.move(border!.x + 60, border!.y);
  await page.mouse.down();
  await page.mouse.move(border!.x + 60, border!.y + 230, { steps: 5 });
  await page.mouse.up();
  const queue = workbench.row(/Trigger to-announce/, functions);
  const send = async (message: object) => {
    await workbench.rowAction(queue, /Send Message/);
    await workbench.answer(JSON.stringify(message));
  };
  await send({ parcel: 'P-1', carrier: 'Gull' });
  await workbench
    .row(/Invocation of announce-parcels: ok/, invocations)
    .first()
    .waitFor();
  await send({ parcel: 'P-2', carrier: 'Pigeon' });
  await workbench.row(/Trigger to-announce: .*1 dead letter/, functions).waitFor();
  await workbench.expand(queue);
  await workbench.expand(workbench.row(/Function closing-list/, functions));
  await workbench.expand(workbench.row(/Trigger every-evening/, functions));
  await workbench.rowAction(workbench.row(/Trigger every-evening/, functions), /Fire Now/);
  await workbench
    .row(/Invocation of closing-list: ok/, invocations)
    .first()
    .waitFor();
  await workbench
    .row(/Fired once/, functions)
    .last()
    .waitFor();
  await workbench.openFile('porchlight.yaml');
  await page.mouse.move(300, 16);
  await page.waitForTimeout(calm);
  await page.screenshot({ path: join(root, 'docs', 'screenshots', 'triggers.png') });
  console.log('triggers');
} catch (error) {
  await page.screenshot({ path: join(tmpdir(), 'porchlight-pictures-failed.png') });
  throw error;
} finally {
  await editor.stop();
}
