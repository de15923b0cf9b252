import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, type Shape } from '../../../../../extension/language/server/projectFiles/shape.ts';
import { shapeOf } from '../../../../../extension/language/server/projectFiles/shapes/index.ts';
import { fc2Keys } from '../../../../../runtime/model/projectFiles/serverlessDevs/fc2Keys.ts';
import { funcSettings } from '../../../../../runtime/model/projectFiles/func/schema.ts';
import { projectFileFormats } from '../../../../../runtime/model/projectFiles/index.ts';
import { functionSettings as stackSettings } from '../../../../../runtime/model/projectFiles/openfaas/settings.ts';
import { functionSettings } from '../../../../../runtime/model/projectFiles/porchlightSchema.ts';
import { props } from '../../../../../runtime/model/projectFiles/serverlessDevs/props.ts';
import {
  otherFunctionKeys,
  topKeys,
  usedFunctionKeys,
} from '../../../../../runtime/model/projectFiles/serverlessFramework/settings.ts';
import { mapAt, scalarAt } from '../../../../../runtime/model/projectFiles/tree.ts';

const nowhere = { start: 0, end: 0 };
const settings = (values: Record<string, string>) =>
  mapAt(
    nowhere,
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, scalarAt(nowhere, value)])),
  );

/** The shape along a path; `choices` are the settings that decide, by key of the shape they are in. */
function at(id: string, path: string[], decides: Record<string, string> = {}): Shape {
  let shape = shapeOf(id)!.shape(undefined);
  for (const step of path) {
    const next = below(shape, step);
    assert.ok(next, `${id} has no ${path.join('.')}`);
    shape = next.choose ? { ...next, ...next.choose(settings(decides)) } : next;
  }
  return shape;
}

test('every kind of project file has a shape', () => {
  for (const { id } of projectFileFormats) assert.ok(shapeOf(id)?.shape(undefined).keys, id);
});

/** Keys that a reader knows are known to the shape, so that none of them is taken for a slip. */
const known: [title: string, shape: Shape, keys: readonly string[]][] = [
  ['porchlight.yaml', at('porchlight', ['functions', 'a']), Object.keys(functionSettings.entries)],
  ['func.yaml', at('func', []), Object.keys(funcSettings.entries)],
  ['stack.yaml', at('openfaas', ['functions', 'a']), Object.keys(stackSettings.entries)],
  [
    'fc3',
    at('serverless-devs', ['resources', 'a', 'props'], { component: 'fc3' }),
    Object.keys(props.entries),
  ],
  [
    'fc',
    at('serverless-devs', ['services', 'a', 'props', 'function'], { component: 'fc' }),
    fc2Keys.function,
  ],
  ['serverless.yml', at('serverless', []), topKeys],
  ['its functions', at('serverless', ['functions', 'a']), [...usedFunctionKeys, ...otherFunctionKeys]],
];

for (const [title, shape, keys] of known) {
  test(`the shape of ${title} knows what its reader knows`, () => {
    assert.deepEqual(
      keys.filter((key) => !Object.hasOwn(shape.keys ?? {}, key)),
      [],
    );
  });
}

test('snippets are indented by two and have no tabs', () => {
  const seen = new Set<Shape>();
  const visit = (shape: Shape): void => {
    if (seen.has(shape)) return;
    seen.add(shape);
    if (shape.snippet !== undefined) {
      assert.match(shape.snippet, /^( |\n {2})/);
      assert.doesNotMatch(shape.snippet, /\t/);
    }
    for (const inner of [...Object.values(shape.keys ?? {}), shape.names, shape.items])
      if (inner) visit(inner);
  };
  for (const { id } of projectFileFormats) visit(shapeOf(id)!.shape(undefined));
  assert.ok(seen.size > 300);
});
