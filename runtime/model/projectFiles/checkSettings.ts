import * as v from 'valibot';
import { nearest } from '../nearest.ts';
import type { ProblemList } from './problemList.ts';
import { entriesOf, rangeOf, toPlain, type Tree } from './tree.ts';

type Schema = v.GenericSchema;
type Path = (string | number)[];

/**
 * Checks a tree against a schema. Each wrong value becomes one problem at its place and is left out of the result, so
 * that the rest can be used; unknown keys of strict objects become warnings with the nearest known key.
 */
export function checkSettings<const S extends Schema>(
  schema: S,
  tree: Tree,
  label: string,
  problems: ProblemList,
  about: { function?: string } = {},
): v.InferInput<S> | undefined {
  warnOfUnknownKeys(schema, tree, problems, about);
  let plain = toPlain(tree);
  // Taking out one wrong value can only uncover values that were hidden by it; the depth of the schema bounds that.
  for (let round = 0; round < 5; round++) {
    const wrong = (v.safeParse(schema, plain).issues ?? []).filter((issue) => !isUnknownKey(issue));
    if (wrong.length === 0) {
      return plain as v.InferInput<S>;
    }
    for (const issue of wrong) {
      const path = (issue.path ?? []).map((item) => item.key as string | number);
      const where = [label, ...path].filter((part) => part !== '').join('.');
      const missing = issue.received === 'undefined' && path.length > 0;
      const detail = missing ? 'this setting is missing.' : issue.message;
      problems.add('error', 'SETTING_INVALID', { path: where, detail }, rangeOf(tree, path), about);
      plain = without(plain, path);
    }
  }
  return undefined;
}

function isUnknownKey(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === 'strict_object' && issue.expected === 'never';
}

function without(value: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    return undefined;
  }
  if (Array.isArray(value)) {
    const kept = value.map((item, index) => (index === step ? without(item, rest) : item));
    return kept.filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const copy: Record<string, unknown> = { ...value };
  const replaced = without(copy[step], rest);
  if (replaced === undefined) {
    delete copy[step];
  } else {
    copy[step] = replaced;
  }
  return copy;
}

interface AnySchema {
  type: string;
  entries?: Record<string, AnySchema>;
  wrapped?: AnySchema;
  item?: AnySchema;
  value?: AnySchema;
  options?: AnySchema[];
}

function warnOfUnknownKeys(
  schema: Schema,
  tree: Tree,
  problems: ProblemList,
  about: { function?: string },
): void {
  const visit = (given: AnySchema, at: Tree): void => {
    const inner = given.wrapped ?? given;
    if (at.kind === 'list' && inner.item) {
      at.items.forEach((item) => visit(inner.item!, item));
      return;
    }
    if (at.kind !== 'map') {
      return;
    }
    const chosen = inner.options?.find((option) => (option.wrapped ?? option).entries) ?? inner;
    for (const [name, value, key] of entriesOf(at)) {
      const entry = chosen.entries && Object.hasOwn(chosen.entries, name) ? chosen.entries[name] : undefined;
      const below = entry ?? chosen.value;
      if (below) {
        visit(below, value);
      } else if (chosen.type === 'strict_object') {
        const facts = { key: name, nearest: nearest(name, Object.keys(chosen.entries!)) };
        problems.add('warning', 'SETTING_UNKNOWN', facts, key, about);
      }
    }
  };
  visit(schema as unknown as AnySchema, tree);
}
