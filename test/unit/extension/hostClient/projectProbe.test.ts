import assert from 'node:assert/strict';
import test from 'node:test';
import { exportsHandler, mayMakeProject } from '../../../../extension/hostClient/projectProbe.ts';

const texts: [text: string, expected: boolean][] = [
  ['exports.handler = async (event) => event;', true],
  ['export async function handler(event) {}', true],
  ['export const handler: Handler = async () => {};', true],
  ['export const sendHandler = middy(send);', true],
  ['module.exports = { main, handler };', true],
  ['const handler = 1;\nexport { handler };', true],
  ['exports.main = () => 1', true],
  ['const express = require("express"); express().listen(3000);', false],
  ['export default function App() {}', false],
  ['import json\n\ndef lambda_handler(event, context):\n    return 1', true],
  ['def main():\n    pass', false],
  ['// a handler, some day', false],
];

for (const [text, expected] of texts) {
  test(`${expected ? 'takes' : 'does not take'} for a handler: ${text.split('\n')[0]}`, () => {
    assert.equal(exportsHandler(text), expected);
  });
}

test('only likely files make a project when they are saved', () => {
  assert.equal(mayMakeProject('/p/src/index.ts'), true);
  assert.equal(mayMakeProject('C:\\p\\handler.mjs'), true);
  assert.equal(mayMakeProject('/p/template.yaml'), true);
  assert.equal(mayMakeProject('/p/src/other.ts'), false);
});
