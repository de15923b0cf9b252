import assert from 'node:assert/strict';
import test from 'node:test';
import { Setting } from '../../../../extension/editor/setting.ts';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { ImportCostMarks } from '../../../../extension/inline/importCostMarks.ts';
import { makeImportMarks } from '../../../../extension/inline/importMarks.ts';
import { importCosts } from '../../../../runtime/model/coldStartProfile.ts';
import { textHash } from '../../../../runtime/support/textHash.ts';
import { FakeLauncher, functionState, settle } from '../../../support/fakeHosts.ts';
import { importCost, profileOf } from '../../../support/profiles.ts';
import { MockDocument, MockEditor, vscodeMock } from '../../../support/vscodeMock.ts';

const file = '/p/src/hello.ts';
const source = ["import 'big';", "import 'small';", "import 'mid';", 'export const handler = 1;'].join('\n');
const costs = importCosts(
  profileOf({
    imports: [
      importCost('big', 1, 63),
      importCost('small', 2, 1.5),
      importCost('mid', 3, 12, { estimated: true }),
    ],
    files: [{ file, hash: textHash(source) }],
  }),
);

const shown = (text: string): string[] =>
  makeImportMarks(costs, { is: (path) => path === file, lines: text.split('\n'), hash: textHash(text) }).map(
    (mark) => `${mark.line}: ${mark.text}${mark.outdated ? ' (outdated)' : ''}`,
  );

test('imports above the threshold have a mark, others have none', () => {
  assert.deepEqual(shown(source), ['0: 63 ms · 63 %', '2: ≈ 12 ms · 12 %']);
});

test('marks follow their lines, and go with a line that was changed', () => {
  assert.deepEqual(shown(`// new\n${source}`), [
    '1: 63 ms · 63 % (outdated)',
    '3: ≈ 12 ms · 12 % (outdated)',
  ]);
  assert.deepEqual(shown(source.replace("'big'", "'bigger'")), ['2: ≈ 12 ms · 12 % (outdated)']);
  assert.deepEqual(shown(source.replace(/^/gm, '  ')), [
    '0: 63 ms · 63 % (outdated)',
    '2: ≈ 12 ms · 12 % (outdated)',
  ]);
});

test('line ends and a byte order mark do not make a file another one', () => {
  assert.equal(textHash(`\uFEFF${source.replaceAll('\n', '\r\n')}`), textHash(source));
  assert.notEqual(textHash(`${source}\n`), textHash(source));
});

test('imports of one line are one mark; a file that was not measured has none', () => {
  const twice = {
    ...costs,
    imports: [importCost('a', 1, 3, { text: 'x' }), importCost('b', 1, 4, { text: 'x' })],
  };
  const at = (is: boolean) => makeImportMarks(twice, { is: () => is, lines: ['x'], hash: '' });
  assert.deepEqual(
    at(true).map(({ text, imports }) => [text, imports.length]),
    [['7.0 ms · 7 %', 2]],
  );
  assert.deepEqual(at(false), []);
});

async function setUp(t: { after(run: () => void): void }) {
  const mock = vscodeMock();
  const editor = new MockEditor(new MockDocument(file, source));
  mock.editors.push(editor);
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => {
    host.functions = [functionState('hello')];
    host.answers.importCosts = () => [costs];
  };
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  const enabled = new Setting(mock.api, 'porchlight.importCosts.enabled', true);
  const marks = new ImportCostMarks(mock.api, hosts, enabled, launcher.clock, (path) => path);
  for (const item of [hosts, enabled, marks]) t.after(() => item.dispose());
  await hosts.startAll();
  await settle();
  launcher.clock.advance(150);
  return { mock, editor, enabled, mirror: hosts.all[0]!.mirror, clock: launcher.clock };
}

test('marks are there again when the host is joined, greyed once the file differs', async (t) => {
  const { editor, mock, clock } = await setUp(t);
  assert.deepEqual(editor.render(), [
    "import 'big';   63 ms · 63 %",
    "import 'small';",
    "import 'mid';   ≈ 12 ms · 12 %",
    'export const handler = 1;',
  ]);
  const color = () => editor.decorations[0]?.renderOptions.after.color;
  assert.equal(color()?.id, 'porchlight.importCost');
  mock.edit(editor.document, [3, 0, 3, 0], '\n');
  clock.advance(150);
  assert.equal(color()?.id, 'porchlight.importCostOutdated');
  assert.match(editor.decorations[0]?.hoverMessage?.value ?? '', /changed since/);
});

test('a newer profile replaces the marks, an older one does not', async (t) => {
  const { editor, mirror, clock } = await setUp(t);
  const other = (at: number) => ({ ...costs, at, imports: [importCost('big', 1, 41)] });
  mirror.setImportCosts(other(costs.at - 1));
  clock.advance(150);
  assert.equal(editor.render()[0], "import 'big';   63 ms · 63 %");
  mirror.setImportCosts(other(costs.at + 1));
  clock.advance(150);
  assert.equal(editor.render()[0], "import 'big';   41 ms · 41 %");
  assert.equal(editor.decorations.length, 1);
});

test('the setting switches them off and on; the hover says what it means and profiles again', async (t) => {
  const { editor, enabled } = await setUp(t);
  const hover = editor.decorations[0]?.hoverMessage;
  assert.match(
    hover?.value ?? '',
    /\*\*big\*\* · 63 ms of 100 ms for loading hello; 32 ms would be saved without it/,
  );
  assert.match(hover?.value ?? '', /Median of 10 cold starts · 2026-01-02 12:04/);
  assert.match(hover?.value ?? '', /command:porchlight\.profile\?%5B%7B%22function%22%3A%22hello%22/);
  assert.deepEqual(hover?.isTrusted, { enabledCommands: ['porchlight.profile'] });
  await enabled.update(false);
  assert.equal(editor.decorations.length, 0);
  await enabled.update(true);
  assert.equal(editor.decorations.length, 2);
});
