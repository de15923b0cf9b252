import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkFile } from '../../../../../extension/language/server/rules/checkFile.ts';
import { ruleIds, readLevels } from '../../../../../extension/language/server/rules/ruleIds.ts';
import { facts, httpTrigger } from '../../../../support/checkRules.ts';
import { seededRandom } from '../../../../support/seededRandom.ts';

/** Files that are mutated; `PORCHLIGHT_FUZZ=10000` asks for more, `PORCHLIGHT_FUZZ_SEED` for others. */
const count = Number(process.env['PORCHLIGHT_FUZZ'] ?? 2000);
const seed = Number(process.env['PORCHLIGHT_FUZZ_SEED'] ?? 1);

/** Texts with many findings: those of the tests beside this one, cut at their quotes. */
function seeds(): { file: string; text: string }[] {
  return readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.test.ts') && name !== 'fuzz.test.ts')
    .flatMap((name) => {
      const text = readFileSync(join(import.meta.dirname, name), 'utf8');
      const file = name === 'python.test.ts' ? '/p/index.py' : '/p/index.ts';
      return [...text.matchAll(/`([^`]*handler[^`]*)`/g)].map(([, each]) => ({
        file,
        text: each!.replace(/\\n/g, '\n'),
      }));
    });
}

const pieces = [
  '{', '}', '(', ')', '[', ']', '`', '${', "'", '"', '/*', '*/', '//', '=>', '=', ';', ',', '.', '?.', 'async ', 'await ',
  'function ', 'class ', 'handler', 'callback', 'return ', 'if (', 'switch (x) { case 1:', 'new ', 'import ', 'export ',
  'require(', '\n', '\0', '\u2028', '😀', '<div>', 'process.env.', '"""', '\\', '#', 'def ', '@', '0x', '...',
]; // prettier-ignore

function mutate(text: string, random: () => number): string {
  let now = text;
  const times = 1 + Math.floor(random() * 6);
  for (let i = 0; i < times; i++) {
    const at = Math.floor(random() * now.length);
    const length = Math.floor(random() * 30);
    const piece = pieces[Math.floor(random() * pieces.length)]!;
    const kind = Math.floor(random() * 4);
    if (kind === 0) now = now.slice(0, at) + now.slice(at + length);
    else if (kind === 1) now = now.slice(0, at) + piece + now.slice(at);
    else if (kind === 2)
      now = now.slice(0, at) + now.slice(at, at + length).repeat(3) + now.slice(at + length);
    else now = now.slice(0, at) + piece + now.slice(at + length);
  }
  return now;
}

test(`rules look at ${count} mutated files: nothing throws, nothing hangs, every range is in the text`, () => {
  const random = seededRandom(seed);
  const texts = seeds();
  const levels = readLevels(Object.fromEntries(ruleIds.map((id) => [id, 'warning'])));
  const kinds = [
    facts({ triggers: [httpTrigger('rest-api')] }),
    facts({
      platform: 'aliyun-fc',
      model: 'ephemeral',
      triggers: [httpTrigger('fc2')],
      answersByResponse: true,
    }),
    facts({ platform: 'aliyun-fc', triggers: [httpTrigger('fc3')], runtimeVersion: 14 }),
  ];
  assert.ok(texts.length > 50);
  for (let i = 0; i < count; i++) {
    const { file, text } = texts[i % texts.length]!;
    const mutated = mutate(text, random);
    const at = Math.max(0, mutated.indexOf('handler'));
    const place = { start: at, end: Math.min(mutated.length, at + 7) };
    const found = checkFile(file, mutated, [{ facts: kinds[i % kinds.length]!, place }], levels);
    for (const { start, end, fix } of found) {
      assert.ok(start >= 0 && start <= end && end <= mutated.length, `${start}–${end} of ${mutated.length}`);
      for (const edit of fix?.edits ?? [])
        assert.ok(edit.start >= 0 && edit.start <= edit.end && edit.end <= mutated.length);
    }
  }
});

test('a very deep or long file is no hang', () => {
  const deep = `exports.handler = async () => ${'('.repeat(400)}1${')'.repeat(400)};`;
  const long = `exports.handler = async (event) => {\n${'  if (event.x) { fetch(event.y); }\n'.repeat(3000)}};`;
  const place = { start: 8, end: 15 };
  assert.deepEqual(checkFile('/p/a.js', deep, [{ facts: facts(), place }], readLevels({})), []);
  assert.equal(checkFile('/p/a.js', long, [{ facts: facts(), place }], readLevels({})).length, 3000);
});
