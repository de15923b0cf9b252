import assert from 'node:assert/strict';
import test from 'node:test';
import { parseMessage } from '../../../runtime/instances/instanceMessages.ts';
import { importLimits } from '../../../runtime/protocol/instance/importGraph.ts';
import { graphOf } from '../../support/profiles.ts';

const loaded = (imports: unknown) =>
  parseMessage({ type: 'loaded', loadStartUs: 1, loadEndUs: 2, imports } as never);
const whole = graphOf({ '/p/a.js': 1, '/p/b.js': 2 }, ['/p/a.js>/p/b.js@3', '/p/a.js>/p/b.js#./b.js']);

test('an import graph that holds what it should is taken', () => {
  assert.equal(loaded(whole).type, 'loaded');
  assert.equal(loaded(undefined).type, 'loaded');
});

const wrong: [name: string, imports: unknown][] = [
  ['no object', 'graph'],
  ['null', null],
  ['no modules', { ...whole, modules: undefined }],
  ['a module without a time', { ...whole, modules: [['/p/a.js']] }],
  [
    'a negative time',
    {
      ...whole,
      modules: [
        ['/p/a.js', -1],
        ['/p/b.js', 1],
      ],
    },
  ],
  ['an edge to nowhere', { ...whole, edges: [[0, 2, 0, 0]] }],
  ['an edge from nowhere', { ...whole, edges: [[-2, 0, 0, 0]] }],
  ['an index that is none', { ...whole, edges: [[0.5, 0, 0, 0]] }],
  ['a specifier that is no text', { ...whole, edges: [[0, 1, 0, 0, {}]] }],
  ['a line that is no number', { ...whole, edges: [[0, 1, '3', 0]] }],
  ['no count of what was dropped', { ...whole, dropped: undefined }],
  [
    'too many modules',
    { ...whole, edges: [], modules: Array.from({ length: importLimits.modules + 1 }, () => ['x', 0]) },
  ],
  ['too many edges', { ...whole, edges: Array.from({ length: importLimits.edges + 1 }, () => [0, 1, 0, 0]) }],
];

for (const [name, imports] of wrong) {
  test(`an import graph is refused: ${name}`, () => {
    assert.throws(() => loaded(imports), /The message "loaded" has no valid imports/);
  });
}
