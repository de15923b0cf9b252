import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { porchlightYaml } from '../../../../runtime/model/projectFiles/porchlightYaml.ts';

const file = resolve('/project/porchlight.yaml');

function parse(value: string) {
  const text = `functions:\n  one:\n    handler: index.handler\n    interpreter: ${value}\n`;
  const { functions, problems } = porchlightYaml.parse(text, { file, variable: () => undefined });
  return { definition: functions[0]!.definition, problems };
}

const accepted: [written: string, read: string][] = [
  ['22', '22'],
  ['22.10', '22.10'],
  ['"22.11.0"', '22.11.0'],
  ['v22.11.0', '22.11.0'],
  ['~/node/bin/node', '~/node/bin/node'],
  ['./tools/node', resolve('/project/tools/node')],
];

for (const [written, read] of accepted) {
  test(`interpreter: ${written}`, () => {
    const { definition, problems } = parse(written);
    assert.deepEqual([definition.interpreter, problems], [read, []]);
    assert.deepEqual(definition.runtimeAt?.line, 4);
  });
}

for (const written of ['node', 'latest', '0', '[22]', '22.1.2.3', 'true']) {
  test(`no interpreter: ${written}`, () => {
    const { definition, problems } = parse(written);
    assert.equal(definition.interpreter, undefined);
    assert.match(problems[0]!.message, /expected a version such as 22 or 22\.11, or a path/);
    assert.equal(problems[0]!.line, 4);
  });
}
