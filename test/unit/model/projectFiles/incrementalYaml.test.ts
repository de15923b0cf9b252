import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IncrementalYaml } from '../../../../runtime/model/projectFiles/incrementalYaml.ts';
import { readYaml, type YamlSource } from '../../../../runtime/model/projectFiles/yamlTree.ts';
import { sectionsOf } from '../../../../runtime/model/projectFiles/yamlSections.ts';
import { mutate, seeded } from '../../../support/mutations.ts';
import { projectFileSamples } from '../../../support/projectFileSamples.ts';

/** Entries and scalars with their places; where a map ends depends on the comments that follow. */
function plain({ tree }: YamlSource): unknown {
  const visit = (value: unknown): unknown => {
    if (value instanceof Map) return [...value].map(([name, each]) => [name, visit(each)]);
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const { kind } = value as { kind?: string };
    const entries = Object.entries(value).filter(
      ([key]) => key !== 'range' || (kind !== 'map' && kind !== 'list'),
    );
    return Object.fromEntries(entries.map(([key, each]) => [key, visit(each)]));
  };
  return visit(tree?.entries);
}

test('a text in parts gives the tree of the whole, and so do its edits', () => {
  const random = seeded(11);
  let compared = 0;
  for (const sample of Object.values(projectFileSamples)) {
    const reader = new IncrementalYaml();
    for (let edit = 0; edit < 150; edit++) {
      const text = edit === 0 ? sample : mutate(sample, random, 2);
      const { source } = reader.read(text, '/f.yaml');
      const whole = readYaml(text, '/f.yaml');
      if (whole.problems.broken) continue;
      assert.deepEqual(source.problems.problems, whole.problems.problems, text);
      assert.deepEqual(plain(source), plain(whole), text);
      compared++;
    }
  }
  assert.ok(compared > 250, `only ${compared} were without a syntax error`);
});

test('a fault is told at its place in the whole text', () => {
  const text = 'functions:\n  a:\n    handler: "x\n  b:\n    handler: y\n  c:\n    handler: [\n';
  const { source } = new IncrementalYaml().read(text, '/f.yaml');
  assert.ok(source.problems.broken);
  assert.deepEqual(
    source.problems.problems.map(({ line, column, code }) => `${line}:${column} ${code}`).slice(0, 1),
    ['3:14 YAML_SYNTAX'],
  );
  assert.deepEqual(
    [...(source.tree!.entries.get('functions')!.value as { entries: Map<string, unknown> }).entries.keys()],
    ['a', 'b', 'c'],
  );
});

test('problems that one reader adds are not those of the next', () => {
  const reader = new IncrementalYaml();
  const text = 'a:\n  b: 1\n  c: 2\n';
  reader
    .read(text, '/f.yaml')
    .source.problems.add('error', 'SETTING_INVALID', { path: 'a', detail: 'b.' }, { start: 0, end: 1 });
  assert.deepEqual(reader.read(text, '/f.yaml').source.problems.problems, []);
});

test('sections are entries, and entries below keys with nothing but these', () => {
  const parts = (text: string): string[] =>
    sectionsOf(text).map(
      ({ start, end, parent, header }) =>
        `${parent ?? '-'}${header ? '!' : ''} ${text.slice(start, end).trim().split('\n')[0]}`,
    );
  assert.deepEqual(parts('# c\na: 1\nb:\n  # d\n  x: 1\n  y:\n    z: 2\nc:\n- 1\n- 2\n'), [
    '- a: 1',
    'b! b:',
    'b x: 1',
    'b y:',
    '- c:',
  ]);
  assert.deepEqual(parts('a: |\n  x: 1\n  y: 2\n'), ['- a: |']);
  assert.deepEqual(parts('a: "x\ngoes: on\n'), ['- a: "x', '- goes: on']);
  assert.deepEqual(parts('{ a: 1 }\n'), ['- { a: 1 }']);
  assert.deepEqual(parts(''), ['- ']);
  assert.deepEqual(parts('a: 1\n---\nb: 2\n'), ['- a: 1']);
});
