import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { tableIds } from '../../../../extension/commands/register.ts';
import { commandTable } from '../../../../extension/commands/table.ts';
import {
  colorIds,
  commandIds,
  contextKeys,
  settingIds,
  viewIds,
  walkthroughId,
} from '../../../../extension/contributions/ids.ts';
import { handlerFileGlobs } from '../../../../extension/hostClient/projectProbe.ts';
import { projectFileNames } from '../../../../runtime/model/projectFiles/fileNames.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const manifestText = readFileSync(join(root, 'package.json'), 'utf8');
const texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;

interface MenuItem {
  command: string;
  group?: string;
  when?: string;
}

interface WalkthroughStep {
  id: string;
  media: { svg: string };
  completionEvents: string[];
}

interface Manifest {
  activationEvents: string[];
  contributes: {
    commands: { command: string; title: string }[];
    views: Record<string, { id: string }[]>;
    viewsContainers: { activitybar: { id: string }[] };
    configuration: { properties: Record<string, unknown> }[];
    colors: { id: string }[];
    menus: Record<string, MenuItem[]>;
    keybindings: { command: string; key: string; when?: string }[];
    viewsWelcome: { view: string; when?: string }[];
    walkthroughs: { id: string; steps: WalkthroughStep[] }[];
  };
}

const manifest = JSON.parse(manifestText) as Manifest;
const { contributes } = manifest;
const sorted = (values: Iterable<string>): string[] => [...values].sort();

test('commands of the manifest are those of the code', () => {
  assert.deepEqual(
    sorted(contributes.commands.map((item) => item.command)),
    sorted(Object.values(commandIds)),
  );
});

test('every command but those of debugging and of the language client has an action, once', () => {
  assert.deepEqual(sorted(commandTable.map((command) => command.id)), sorted(tableIds));
});

test('views, settings and colours of the manifest are those of the code', () => {
  const { container, ...views } = viewIds;
  assert.deepEqual(
    contributes.viewsContainers.activitybar.map((item) => item.id),
    [container],
  );
  assert.deepEqual(
    sorted(contributes.views[container]?.map((view) => view.id) ?? []),
    sorted(Object.values(views)),
  );
  assert.deepEqual(
    sorted(Object.keys(contributes.configuration[0]?.properties ?? {})),
    sorted(Object.values(settingIds)),
  );
  assert.deepEqual(sorted(contributes.colors.map((color) => color.id)), sorted(Object.values(colorIds)));
});

test('menus and welcome texts name only commands, views and keys that exist', () => {
  const commands = new Set<string>(Object.values(commandIds));
  const known = new Set<string>([...commands, ...Object.values(viewIds), ...Object.values(contextKeys)]);
  for (const item of Object.values(contributes.menus).flat()) {
    assert.ok(commands.has(item.command), `unknown command ${item.command} in a menu`);
  }
  const conditions = [...Object.values(contributes.menus).flat(), ...contributes.viewsWelcome].map(
    (item) => item.when ?? '',
  );
  // The editor takes only single quotes; a clause it cannot read counts as true.
  assert.deepEqual(
    conditions.filter((when) => when.includes('"')),
    [],
  );
  for (const id of conditions.flatMap((when) => when.match(/\bporchlight\.\w+/g) ?? [])) {
    assert.ok(known.has(id), `unknown id ${id} in a when-clause`);
  }
  const links = Object.values(texts).flatMap((text) => text.match(/command:porchlight\.[\w.]+/g) ?? []);
  // The editor makes a command of its own for every view.
  const focus = Object.values(viewIds).map((id) => `${id}.focus`);
  for (const link of links) {
    const id = link.slice('command:'.length);
    assert.ok(commands.has(id) || focus.includes(id), `unknown ${link} in a text`);
  }
});

test('each step of the tour has a picture, and ends by something that happens', () => {
  const [tour] = contributes.walkthroughs;
  assert.equal(`porchlight.porchlight#${tour?.id}`, walkthroughId);
  const keys = Object.values(contextKeys).map((key) => `onContext:${key}`);
  for (const { id, media, completionEvents } of tour!.steps) {
    assert.match(readFileSync(join(root, media.svg), 'utf8'), /^<svg/);
    assert.ok(completionEvents.length > 0, `${id} never ends`);
    const [event = '', again] = completionEvents;
    // `breakpointsExist` is the editor's own.
    assert.ok(keys.includes(event) || event === 'onContext:breakpointsExist', `unknown ${event} in ${id}`);
    assert.equal(again, event.replace(':', `:${contextKeys.touring} && `));
  }
});

test('every text key of the manifest has a text, and every text is used', () => {
  const used = new Set([...manifestText.matchAll(/"%([\w.-]+)%"/g)].map((match) => match[1] ?? ''));
  assert.deepEqual(sorted(used), sorted(Object.keys(texts)));
});

test('the editor wakes us for what the probe looks for', () => {
  for (const name of projectFileNames)
    assert.ok(manifest.activationEvents.includes(`workspaceContains:**/${name}`));
  for (const glob of handlerFileGlobs)
    assert.ok(manifest.activationEvents.includes(`workspaceContains:${glob}`));
});

test('whatever the mouse finds at a row is in its menu as well, for Shift+F10', () => {
  const items = contributes.menus['view/item/context'] ?? [];
  const single = ' && !listMultiSelection';
  const inMenu = items
    .filter(({ group }) => !group?.startsWith('inline'))
    .map(({ command, when }) => `${command}: ${when?.replace(single, '')}`);
  const inline = items
    .filter(({ group }) => group?.startsWith('inline'))
    .map(({ command, when }) => `${command}: ${when}`);
  assert.ok(inline.length > 10);
  assert.deepEqual(
    inline.filter((each) => !inMenu.includes(each)),
    [],
  );
});

test('keys are for commands that exist, name what they are for, and are told in the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const commands = new Set<string>(Object.values(commandIds));
  for (const { command, key, when } of contributes.keybindings) {
    assert.ok(commands.has(command), `unknown command ${command}`);
    // Without a place of their own they would take keys from the editor.
    assert.match(when ?? '', /porchlight|resourceScheme/, command);
    const shown = key.replace('ctrl+', 'Ctrl+').replace(/f(\d+)$/, 'F$1');
    assert.ok(readme.includes(`| ${shown} `), `the README does not tell of ${shown}`);
  }
});
