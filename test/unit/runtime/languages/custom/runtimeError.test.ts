import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorTypeOf, readRuntimeError } from '../../../../../runtime/languages/custom/runtimeError.ts';
import { tempFolder } from '../../../../support/tempFolder.ts';

const types: [given: string | undefined, type: string | undefined][] = [
  [undefined, undefined],
  ['', undefined],
  ['Function.NoMoney', 'Function.NoMoney'],
  ['Runtime.ExitError', 'Runtime.ExitError'],
  ['nonsense', 'Function.Unknown'],
  ['Function.lower', 'Function.Unknown'],
];
for (const [given, type] of types) {
  test(`the error type ${given}`, () => assert.equal(errorTypeOf(given, 'Function'), type));
}

test('the error type nonsense of an initialization', () =>
  assert.equal(errorTypeOf('nonsense', 'Runtime'), 'Runtime.Unknown'));

test("an error of Go's client points to the function's own file", (t) => {
  const folder = tempFolder(t);
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'inner', 'a.go'), 'package inner\n');
  const body = {
    errorMessage: 'broken',
    errorType: 'string',
    stackTrace: [
      { path: 'aws/aws-lambda-go/lambda/errors.go', line: 39, label: 'lambdaPanicResponse' },
      { path: 'shop/inner/a.go', line: 7, label: 'Sell' },
    ],
  };
  const { error, told } = readRuntimeError(Buffer.from(JSON.stringify(body)), undefined, folder);
  assert.deepEqual(error, {
    type: 'string',
    message: 'broken',
    stack: [
      '    at lambdaPanicResponse (aws/aws-lambda-go/lambda/errors.go:39)',
      '    at Sell (shop/inner/a.go:7)',
    ],
    at: [join(folder, 'inner', 'a.go'), 7, 1],
  });
  assert.equal(told.toString(), JSON.stringify(body));
});

test('what is no error object is told as it is, and the cause for X-Ray is not', () => {
  const plain = readRuntimeError(Buffer.from('just text'), 'Function.Odd', '/');
  assert.deepEqual(plain.error, { type: 'Function.Odd', message: 'just text', stack: [] });
  const caused = readRuntimeError(Buffer.from('{"errorMessage":"a","errorCause":{"x":1}}'), undefined, '/');
  assert.equal(caused.told.toString(), '{"errorMessage":"a"}');
  assert.equal(caused.error.type, 'Function.Unknown');
});
