import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CodeActionParams, TextDocumentEdit } from 'vscode-languageserver/node';
import { HandlerExports } from '../../../../../extension/language/server/handlerExports.ts';
import { HandlerFinder } from '../../../../../extension/language/server/handlers.ts';
import { toUri } from '../../../../../extension/language/server/paths.ts';
import { ruleDiagnostics } from '../../../../../extension/language/server/rules/ruleDiagnostics.ts';
import { ruleFixes } from '../../../../../extension/language/server/rules/ruleFixes.ts';
import {
  defaultLevels,
  readLevels,
  ruleIds,
  ruleLevels,
} from '../../../../../extension/language/server/rules/ruleIds.ts';
import { rules } from '../../../../../extension/language/server/rules/index.ts';
import { readOptions } from '../../../../../extension/language/server/options.ts';
import { Workspace } from '../../../../../extension/language/server/workspace.ts';
import { marked } from '../../../../support/checkRules.ts';
import { memoryFiles } from '../../../../support/memoryFiles.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..', '..');

/** A workspace folder `/p` in memory, and the diagnostics of its files. */
function folder(texts: Record<string, string>, levels: unknown = {}) {
  const files = memoryFiles(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [`/p/${name}`, text])),
  );
  const exports = new HandlerExports(files);
  const finder = new HandlerFinder(files, exports);
  const workspace = new Workspace(files, exports);
  workspace.addFolder('/p');
  const options = { levels: readLevels(levels), pages: 'file:///pages' };
  const diagnostics = (name: string) =>
    ruleDiagnostics(workspace.state('/p'), `/p/${name}`, finder, files, options);
  return {
    diagnostics,
    told: (name: string) =>
      diagnostics(name).map(({ range, code, severity }) => `${range.start.line + 1} ${code} ${severity}`),
    fixes(name: string) {
      const params = {
        textDocument: { uri: toUri(`/p/${name}`) },
        context: { diagnostics: diagnostics(name) },
      };
      return ruleFixes(
        params as unknown as CodeActionParams,
        '/p',
        `/p/${name}`,
        files,
        readOptions(undefined),
      );
    },
  };
}

const project = `functions:
  hello: { handler: index.handler, platform: aws-lambda, env: { GIVEN: x } }
  goodbye: { handler: index.handler, platform: aws-lambda, env: { TABLE: x, GIVEN: x } }
`;
const code = `const util = process.env.GIVEN;
exports.handler = async (event) => {
  fetch(process.env.TABLE);
  process.exit(1);
};
exports.other = () => process.exit(1);
`;

test('findings of the handlers that a project file names', () => {
  const { told, diagnostics } = folder({ 'porchlight.yaml': project, 'index.js': code, 'b.js': code });
  assert.deepEqual(told('index.js'), ['3 not-awaited 2', '3 env-not-given 2', '4 process-exit 2']);
  assert.deepEqual(told('b.js'), []);
  const [first] = diagnostics('index.js');
  assert.deepEqual(first!.codeDescription, { href: 'file:///pages/not-awaited.md' });
  assert.match(String(diagnostics('index.js')[1]!.message), /^Nothing gives hello the variable TABLE/);
});

test('variables of .env files count, and those that other files set', () => {
  assert.deepEqual(
    folder({ 'porchlight.yaml': project, 'index.js': code, '.env': 'TABLE=\n' }).told('index.js'),
    ['3 not-awaited 2', '4 process-exit 2'],
  );
  const staged = { 'porchlight.yaml': project, 'index.js': code, '.env.staging': 'TABLE=x\n' };
  assert.equal(folder(staged).told('index.js').length, 2);
  const shown = { 'porchlight.yaml': project, 'index.js': code, '.env.example': 'TABLE=x\n' };
  assert.equal(folder(shown).told('index.js').length, 3);
  const loads = `require('./env.js');\n${code}`;
  const sets = `require('dotenv').config({ path: 'x.env' });`;
  const told = folder({ 'porchlight.yaml': project, 'index.js': loads, 'env.js': sets }).told('index.js');
  assert.deepEqual(told, ['4 not-awaited 2', '5 process-exit 2']);
});

test('levels of settings, and comments', () => {
  const levels = { 'process-exit': 'hint', 'not-awaited': 'off', 'env-not-given': 'loud' };
  const { told } = folder({ 'porchlight.yaml': project, 'index.js': code }, levels);
  assert.deepEqual(told('index.js'), ['3 env-not-given 2', '4 process-exit 3']);
  const quiet = code.replace(
    '  process.exit',
    '  // porchlight-ignore-next-line process-exit -- it has to\n  process.exit',
  );
  assert.deepEqual(folder({ 'porchlight.yaml': project, 'index.js': quiet }).told('index.js').length, 2);
  const exits = (comment: string): string =>
    `exports.handler = async () => {\n  ${comment}\n  process.exit(1);\n};`;
  assert.equal(marked('process-exit', exits('// porchlight-ignore-next-line')).length, 0);
  assert.equal(
    marked('process-exit', exits('/* porchlight-ignore-next-line process-exit, not-awaited */')).length,
    0,
  );
  assert.equal(marked('process-exit', exits('// porchlight-ignore-next-line not-awaited')).length, 1);
});

test('a setting of any form gives levels', () => {
  for (const setting of [undefined, null, 'off', 3, [], { 'process-exit': { off: true } }])
    assert.deepEqual(readLevels(setting), defaultLevels);
});

test('fixes, an explanation, and silence', () => {
  const { fixes } = folder({ 'porchlight.yaml': project, 'index.js': code, '.env': 'A=1' });
  assert.deepEqual(
    fixes('index.js').map(({ title }) => title),
    [
      'Wait for it with await',
      'Ignore not-awaited on this line',
      'Explain not-awaited',
      'Add TABLE to .env',
      'Ignore env-not-given on this line',
      'Explain env-not-given',
      'Ignore process-exit on this line',
      'Explain process-exit',
    ],
  );
  const [, ignore, explain, add] = fixes('index.js');
  const [edit] = ignore!.edit!.changes![toUri('/p/index.js')]!;
  assert.equal(edit!.newText, '  // porchlight-ignore-next-line not-awaited\n');
  assert.deepEqual(explain!.command!.arguments, ['not-awaited']);
  const [line] = add!.edit!.documentChanges as TextDocumentEdit[];
  assert.deepEqual(line!.edits, [
    { range: { start: { line: 0, character: 3 }, end: { line: 0, character: 3 } }, newText: '\nTABLE=\n' },
  ]);
  const [, , , created] = folder({ 'porchlight.yaml': project, 'index.js': code }).fixes('index.js');
  assert.deepEqual(
    created!.edit!.documentChanges!.map((each) => ('kind' in each ? each.kind : 'edit')),
    ['create', 'edit'],
  );
});

test('a diagnostic that is none of ours is left alone', () => {
  const { fixes } = folder({ 'porchlight.yaml': project, 'index.js': '' });
  assert.deepEqual(fixes('index.js'), []);
});

test('every rule has its code, its page, its setting and its place in the list of pages', () => {
  assert.deepEqual(
    rules.map(({ id }) => id),
    ruleIds,
  );
  const pages = readdirSync(join(root, 'docs', 'rules'));
  const names = [...ruleIds, 'README'].flatMap((name) => [`${name}.md`, `${name}.zh-cn.md`]);
  assert.deepEqual(pages.sort(), names.sort());
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    contributes: { configuration: { properties: Record<string, { properties: Record<string, unknown> }> }[] };
  };
  const setting = manifest.contributes.configuration[0]!.properties['porchlight.rules']!;
  const expected = ruleIds.map((id) => [
    id,
    { type: 'string', enum: ruleLevels, default: defaultLevels[id], description: `%setting.rules.${id}%` },
  ]);
  assert.deepEqual(setting.properties, Object.fromEntries(expected));
  const list = readFileSync(join(root, 'docs', 'rules', 'README.md'), 'utf8');
  for (const id of ruleIds) {
    assert.match(
      readFileSync(join(root, 'docs', 'rules', `${id}.md`), 'utf8'),
      new RegExp(`^# .*\\n\\n\`${id}\``),
    );
    assert.ok(list.includes(`(${id}.md)`), id);
  }
});
