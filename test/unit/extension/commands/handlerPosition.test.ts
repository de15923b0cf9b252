import assert from 'node:assert/strict';
import test from 'node:test';
import { findExport } from '../../../../extension/commands/handlerPosition.ts';

const cases: [text: string, name: string, expected: [line: number, column: number]][] = [
  ['// x\nexport const handler = 1;', 'handler', [2, 14]],
  ['export async function handler() {}', 'handler', [1, 23]],
  ['const a = 1;\nexports.handler = async () => {};', 'handler', [2, 9]],
  ['async function main() {}\nmodule.exports = { main };', 'main', [1, 16]],
  ['module.exports = { a: 1, run: () => {} };', 'run', [1, 26]],
  ['export default () => {};', 'default', [1, 1]],
  ['nothing here', 'handler', [1, 1]],
];

for (const [text, name, [line, column]] of cases) {
  test(`finds ${name} in: ${text.split('\n').pop()}`, () => {
    assert.deepEqual(findExport(text, name), { line, column });
  });
}
