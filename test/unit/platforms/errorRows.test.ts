import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { errorRows } from './errorRows.ts';

const tests = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const texts = new Map<string, string>();

function textOf(file: string): string {
  const known = texts.get(file) ?? readFileSync(join(tests, file), 'utf8');
  texts.set(file, known);
  return known;
}

for (const [contract, rows] of Object.entries(errorRows)) {
  suite(`errors of ${contract}`, () => {
    for (const { row, shown } of rows) {
      if ('never' in shown) void test(`${row}: cannot happen here`, () => assert.ok(shown.never.length > 20));
      else
        void test(`${row}: ${shown.file}`, () =>
          assert.ok(textOf(shown.file).includes(shown.words), `${shown.file} has a test "${shown.words}"`));
    }
  });
}
