import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { canRequireModules, nodeTargets } from '../../../runtime/packaging/nodeTarget.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';
import { project } from '../../support/packagerProject.ts';

const targets: [stated: string | undefined, runsOn: string, expected: string[]][] = [
  [undefined, '20.20.2', ['node20.20.2']],
  ['es2020', '18.20.8', ['es2020', 'node18.20.8']],
  ['esnext', '18.20.8', ['esnext', 'node18.20.8']],
  ['node16', '20.20.2', ['node16']],
  ['node22', '20.20.2', ['node20.20.2']],
  ['node20', '20.20.2', ['node20.20.2']],
  ['node20.1', '20.20.2', ['node20.1']],
  ['es2022, node18', '24.0.0', ['es2022', 'node18']],
];

for (const [stated, runsOn, expected] of targets) {
  test(`targets of ${stated} on ${runsOn}`, () => assert.deepEqual(nodeTargets(stated, runsOn), expected));
}

test('which Nodes require ES modules', () => {
  const versions = ['18.20.8', '20.18.3', '20.19.0', '21.7.0', '22.11.0', '22.12.0', '24.0.0'];
  assert.deepEqual(versions.filter(canRequireModules), ['20.19.0', '22.12.0', '24.0.0']);
});

test('a bundle fits the Node that runs it', async (t) => {
  const { root, packager } = project(t, {
    'index.ts': `import only from 'only';\nexport const handler = (a?: string): unknown => (a ??= only);`,
    'node_modules/only/package.json': '{"type":"module","exports":{"import":"./index.js"}}',
    'node_modules/only/index.js': `export default 'part of the bundle';`,
  });
  const build = async (runsOn: string): Promise<string> => {
    const artifact = await packager.prepare(functionDefinition(root), runsOn);
    return readFileSync(artifact.entry, 'utf8');
  };
  // Syntax of Node 15, and what Node 18 cannot require.
  assert.match(await build('14.0.0'), /a \?\? \(a = /);
  const old = await build('18.20.8');
  assert.match(old, /a \?\?= /);
  assert.match(old, /part of the bundle/);
  assert.doesNotMatch(await build('24.0.0'), /part of the bundle/);
});
