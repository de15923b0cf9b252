import * as v from 'valibot';
import { nearest } from '../nearest.ts';
import type { ProblemList } from './problemList.ts';
import { entriesOf, rangeOf, toPlain, type Tree } from './tree.ts';
import { hintOf } from '../schemaParts.ts';
import { type Phrase, phrase } from '../../support/l10n.ts';

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
  const tell = (path: Path, detail: Phrase) => {
    const where = [label, ...path].filter((part) => part !== '').join('.');
    problems.add('error', 'SETTING_INVALID', { path: where, detail }, rangeOf(tree, path), about);
  };
  warnOfUnknownKeys(schema, tree, problems, about);
  let plain = toPlain(tree);
  for (const { path, message } of listsInsteadOfMaps(schema, tree)) {
    tell(path, hintOf(message));
    plain = without(plain, path);
  }
  // Taking out one wrong value can only uncover values that were hidden by it; the depth of the schema bounds that.
  for (let round = 0; round < 5; round++) {
    const wrong = (v.safeParse(schema, plain).issues ?? []).filter((issue) => !isUnknownKey(issue));
    if (wrong.length === 0) {
      return plain as v.InferInput<S>;
    }
    const paths = wrong.map((issue) => (issue.path ?? []).map((item) => item.key as string | number));
    wrong.forEach((issue, index) => {
      const missing = issue.received === 'undefined' && paths[index]!.length > 0;
      tell(paths[index]!, missing ? phrase('this setting is missing.') : hintOf(issue.message));
    });
    // From the last to the first: taking an item out of a list moves those behind it.
    plain = paths.reduceRight(without, plain);
  }
  return undefined;
}

function isUnknownKey(issue: v.BaseIssue<unknown>): boolean {
  if (issue.type === 'strict_object') return issue.expected === 'never';
  if (issue.type !== 'union') return false;
  // A choice of plain values or settings: the settings were meant, and nothing else of them is wrong.
  const inside = issue.issues?.filter((each) => (each.path ?? []).length > 0) ?? [];
  return inside.length > 0 && inside.every(isUnknownKey);
}

function without(value: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    return undefined;
  }
  if (Array.isArray(value)) {
    const kept = value.map((item: unknown, index) => (index === Number(step) ? without(item, rest) : item));
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
  message?: unknown;
  entries?: Record<string, AnySchema>;
  wrapped?: AnySchema;
  item?: AnySchema;
  value?: AnySchema;
  options?: AnySchema[];
}

function innermost(schema: AnySchema): AnySchema {
  return schema.wrapped ? (schema.wrapped.wrapped ?? schema.wrapped) : schema;
}

/** Visits every part of a tree together with the schema it has to fit. */
function visit(
  given: AnySchema,
  at: Tree,
  path: Path,
  see: (schema: AnySchema, at: Tree, path: Path) => void,
): void {
  const inner = innermost(given);
  // Of a choice, the form with items or with settings: the others are plain values.
  const items = at.kind === 'list' ? inner.options?.map(innermost).find((option) => option.item) : undefined;
  const form = items ?? inner.options?.find((option) => option.entries);
  const schema = form ? { ...form, message: inner.message } : inner;
  see(schema, at, path);
  if (at.kind === 'list' && schema.item) {
    at.items.forEach((item, index) => visit(schema.item!, item, [...path, index], see));
  }
  for (const [name, value] of entriesOf(at)) {
    const below = schema.entries && Object.hasOwn(schema.entries, name) ? schema.entries[name] : schema.value;
    if (below) {
      visit(below, value, [...path, name], see);
    }
  }
}

/** valibot takes a list for an object with the keys 0, 1, …; in a project file it is a mistake. */
function listsInsteadOfMaps(schema: Schema, tree: Tree): { path: Path; message: string }[] {
  const found: { path: Path; message: string }[] = [];
  visit(schema as unknown as AnySchema, tree, [], (part, at, path) => {
    const isOnlyMap = part.type === 'record' || part.type === 'strict_object' || part.type === 'loose_object';
    if (isOnlyMap && at.kind === 'list') {
      found.push({
        path,
        message: typeof part.message === 'string' ? part.message : 'expected keys with values.',
      });
    }
  });
  return found;
}

function warnOfUnknownKeys(
  schema: Schema,
  tree: Tree,
  problems: ProblemList,
  about: { function?: string },
): void {
  visit(schema as unknown as AnySchema, tree, [], (part, at) => {
    if (part.type !== 'strict_object') {
      return;
    }
    for (const [name, , key] of entriesOf(at)) {
      if (!Object.hasOwn(part.entries!, name)) {
        const facts = { key: name, nearest: nearest(name, Object.keys(part.entries!)) };
        problems.add('warning', 'SETTING_UNKNOWN', facts, key, about);
      }
    }
  });
}
