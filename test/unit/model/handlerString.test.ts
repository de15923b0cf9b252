import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitHandler } from '../../../runtime/model/handlerString.ts';

const cases: [platform: string, handler: string, expected: [string, string] | undefined][] = [
  ['aliyun-fc', 'index.handler', ['index', 'handler']],
  ['aliyun-fc', 'src/hello.handler', ['src/hello', 'handler']],
  ['aliyun-fc', './src/hello.handler', ['src/hello', 'handler']],
  ['aliyun-fc', 'index.min.handler', ['index.min', 'handler']],
  ['aliyun-fc', 'index', undefined],
  ['aliyun-fc', 'index.', undefined],
  ['aliyun-fc', '.handler', undefined],
  ['aliyun-fc', 'dir.d/index', undefined],
  ['aliyun-fc', '', undefined],
  ['aws-lambda', 'index.handler', ['index', 'handler']],
  ['aws-lambda', 'dir/module.export.nested', ['dir/module', 'export.nested']],
  ['aws-lambda', 'dir.d/module.handler', ['dir.d/module', 'handler']],
  ['aws-lambda', '../index.handler', undefined],
  ['aws-lambda', 'index', undefined],
  ['aws-lambda', 'my file.handler', undefined],
  ['aws-lambda', '/opt/index.handler', undefined],
];

for (const [platform, handler, expected] of cases) {
  test(`${platform}: "${handler}"`, () => {
    const parts = splitHandler(handler, platform);
    assert.deepEqual(parts && [parts.module, parts.exportName], expected);
  });
}
