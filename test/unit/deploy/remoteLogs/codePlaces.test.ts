import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { lambdaWords } from '../../../../runtime/deploy/aws-lambda/logWords.ts';
import { codePlaces } from '../../../../runtime/deploy/remoteLogs/codePlaces.ts';
import { writeTree } from '../../../support/fileTree.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';
import { assembler } from '../../../support/remoteLogs.ts';
import { tempFolder } from '../../../support/tempFolder.ts';

function project(t: TestContext, files: Record<string, string>, handler: string) {
  const root = tempFolder(t);
  writeTree(root, files);
  return { root, places: codePlaces(functionDefinition(root, { handler }), root) };
}

test('frames lead to files of the project, and to no others', (t) => {
  const files = { 'src/a.js': 'exports.handler = () => {}', 'node_modules/x/i.js': '' };
  const { root, places } = project(t, files, 'src/a.handler');
  const here = join(root, 'src', 'a.js');
  assert.deepEqual(
    places.read([
      'TypeError: x',
      '    at deep (/var/task/node_modules/x/i.js:1:1)',
      '    at process (node:internal/process:1:2)',
      '    at gone (/var/task/src/gone.js:4:5)',
      '    at out (/var/task/../../etc/passwd:4:5)',
      '    at handler (file:///var/task/src/a.js:3:7)',
    ]),
    {
      lines: [
        'TypeError: x',
        '    at deep (/var/task/node_modules/x/i.js:1:1)',
        '    at process (node:internal/process:1:2)',
        '    at gone (/var/task/src/gone.js:4:5)',
        '    at out (/var/task/../../etc/passwd:4:5)',
        `    at handler (${here}:3:7)`,
      ],
      at: { file: here, line: 3, column: 7 },
    },
  );
  assert.deepEqual(places.read(['PHP: /code/src/a.js(12): f()']).at, { file: here, line: 12, column: 1 });
  const traceback = [
    '  File "/var/task/src/a.js", line 5, in handler',
    '  File "/code/src/a.js", line 9, in deep',
  ];
  assert.equal(places.read(traceback).at?.line, 9, 'the innermost is last');
});

test('of code that is built only what the cloud mapped back names a source', (t) => {
  const { root, places } = project(
    t,
    { 'src/a.ts': 'export const handler = () => {};', 'src/a.js': '' },
    'src/b.handler',
  );
  const mapped = places.read(['at handler (/var/task/src/a.ts:3:7)', 'at handler (/var/task/src/a.js:3:7)']);
  assert.deepEqual(mapped.lines, [
    `at handler (${join(root, 'src', 'a.ts')}:3:7)`,
    'at handler (/var/task/src/a.js:3:7)',
  ]);
  assert.deepEqual(codePlaces(undefined, root).read(['at f (/var/task/src/a.ts:1:1)']).at, undefined);
});

test('the line that tells of a failure, and any that complains, leads to the code', (t) => {
  const { root, places } = project(t, { 'a.js': 'exports.handler = () => {}' }, 'a.handler');
  const error = { errorType: 'E', errorMessage: 'm', stack: ['E: m', '    at h (/var/task/a.js:3:5)'] };
  const { changed } = assembler(lambdaWords, places).add('s', [
    [1, 'START RequestId: r Version: 1'],
    [2, '2026-11-26T09:00:00.000Z\tr\tWARN\tcareful\r    at f (/var/task/a.js:8:1)'],
    [3, '2026-11-26T09:00:00.000Z\tr\tINFO\tsaid (/var/task/a.js:9:1)'],
    [4, `2026-11-26T09:00:00.000Z\tr\tERROR\tInvoke Error \t${JSON.stringify(error)}`],
    [5, 'REPORT RequestId: r\tDuration: 1 ms\t'],
  ]);
  const file = join(root, 'a.js');
  assert.deepEqual(changed[0]!.error, {
    ...{ type: 'E', message: 'm', at: { file, line: 3, column: 5 } },
    stack: ['E: m', `    at h (${file}:3:5)`],
  });
  assert.deepEqual(
    changed[0]!.logs.map(({ at }) => at?.line),
    [undefined, 8, undefined, 3, undefined],
  );
});
