import type { ProblemList } from '../problemList.ts';
import { entriesOf, getIn, scalarAt, textOf, type Tree, type UnresolvedTree } from '../tree.ts';
import { parseVariables, type Choice, type Variable } from './variableText.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** What a source of variables may ask of the others. */
export interface Resolver {
  /** A text whose own variables are replaced; the reason when that cannot be. */
  text(text: string, at: Tree): string | UnresolvedTree;
  /** The value below a tree, variables on the way replaced; undefined when there is none. */
  walk(tree: Tree, path: string[]): Tree | undefined;
  /** The last of the choices: nothing else will be tried. */
  last: boolean;
}

/**
 * A kind of variable. Gives a value whose own variables may still be there, undefined when there is none, or says why it
 * cannot be known. `cloud`: the value exists, but not on this machine.
 */
export type VariableSource = (
  choice: Extract<Choice, { kind: 'source' }>,
  at: Tree,
  resolver: Resolver,
) => Tree | undefined;

/** What all replacing together may take, in values looked at and in characters of one text. */
const bounds = { work: 200_000, depth: 60, textLength: 1_000_000 } as const;

/** Replaces the variables of a `serverless.yml`. A value is looked at when it is asked for, and once. */
export class Variables {
  readonly #sources: (type: string) => VariableSource | undefined;
  readonly #problems: ProblemList;
  readonly #known = new Map<Tree, Tree>();
  /** Values that are being replaced: meeting one again is a circle. */
  readonly #open = new Set<Tree>();
  #work = 0;

  constructor(sources: (type: string) => VariableSource | undefined, problems: ProblemList) {
    this.#sources = sources;
    this.#problems = problems;
  }

  /** The tree with all variables in it replaced. */
  resolve(tree: Tree): Tree {
    return this.#deep(tree, 0);
  }

  /** The value itself without variables; what it holds may still have some. */
  value(tree: Tree): Tree {
    return this.#shallow(tree);
  }

  #deep(tree: Tree, depth: number): Tree {
    if (++this.#work > bounds.work || depth > bounds.depth) {
      return unresolved(tree, 'value', phrase('its variables lead too far.'));
    }
    if (this.#open.has(tree)) return unresolved(tree, textOf(tree) ?? 'value', circle);
    const value = this.#shallow(tree);
    if (value.kind !== 'list' && value.kind !== 'map') return value;
    this.#open.add(tree);
    try {
      if (value.kind === 'list') {
        return { ...value, items: value.items.map((item) => this.#deep(item, depth + 1)) };
      }
      const entries = entriesOf(value).map(
        ([name, entry, key]) => [name, { key, value: this.#deep(entry, depth + 1) }] as const,
      );
      return { ...value, entries: new Map(entries) };
    } finally {
      this.#open.delete(tree);
    }
  }

  #shallow(tree: Tree): Tree {
    if (tree.kind !== 'scalar' || typeof tree.value !== 'string' || !tree.value.includes('${')) return tree;
    const known = this.#known.get(tree);
    if (known) return known;
    if (this.#open.has(tree)) return unresolved(tree, tree.value, circle);
    if (++this.#work > bounds.work || this.#open.size > bounds.depth) {
      return unresolved(tree, tree.value, phrase('its variables lead too far.'));
    }
    this.#open.add(tree);
    try {
      const value = this.#text(tree.value, tree);
      const tagged = { ...value, range: tree.range, ...(tree.tag !== undefined && { tag: tree.tag }) };
      this.#known.set(tree, tagged);
      return tagged;
    } finally {
      this.#open.delete(tree);
    }
  }

  #text(text: string, at: Tree): Tree {
    const parts = parseVariables(text);
    const [only] = parts;
    if (parts.length === 1 && typeof only === 'object') return this.#evaluate(only, at);
    let joined = '';
    for (const part of parts) {
      const value = typeof part === 'string' ? scalarAt(at.range, part) : this.#evaluate(part, at);
      if (value.kind === 'unresolved') return value;
      if (value.kind !== 'scalar') {
        const { expression } = part as Variable;
        return unresolved(at, `\${${expression}}`, phrase('it is no text, and cannot stand inside of one.'));
      }
      joined += value.source;
      if (joined.length > bounds.textLength) return unresolved(at, 'value', phrase('it becomes too long.'));
    }
    return scalarAt(at.range, joined);
  }

  #evaluate({ expression, choices }: Variable, at: Tree): Tree {
    let reason: UnresolvedTree | undefined;
    for (const [index, choice] of choices.entries()) {
      const last = index === choices.length - 1;
      const value = this.#choose(choice, at, last);
      if (value && value.kind !== 'unresolved' && !(isNull(value) && !last)) {
        if (reason?.cloud) this.#tellFallback(reason, at);
        return value;
      }
      if (value?.kind === 'unresolved') reason ??= value;
    }
    return reason ?? unresolved(at, `\${${expression}}`, phrase('nothing of that name stands in this file.'));
  }

  #choose(choice: Choice, at: Tree, last: boolean): Tree | undefined {
    switch (choice.kind) {
      case 'literal':
        return scalarAt(at.range, choice.value);
      case 'nested':
        return this.#text(choice.text, at);
      case 'unknown':
        return unresolved(
          at,
          choice.text,
          phrase('it is neither a variable nor a value; text needs quotes here.'),
        );
      case 'source': {
        const source = this.#sources(choice.type);
        if (!source) {
          const reason = phrase('nothing here knows variables of the kind "{type}"; a plugin may.', {
            type: choice.type,
          });
          return unresolved(at, `\${${choice.type}:${choice.address ?? ''}}`, reason);
        }
        return source(choice, at, this.#resolver(last));
      }
    }
  }

  #resolver(last: boolean): Resolver {
    return {
      last,
      text: (text, at) => {
        const value = this.#text(text, at);
        if (value.kind === 'unresolved') return value;
        return textOf(value) ?? unresolved(at, text, phrase('it is no text.'));
      },
      walk: (tree, path) => {
        let current: Tree | undefined = tree;
        for (const step of path) {
          const value = this.#shallow(current);
          if (value.kind === 'unresolved') return value;
          current = getIn(value, step);
          if (!current) return undefined;
        }
        return this.#shallow(current);
      },
    };
  }

  #tellFallback({ expression }: UnresolvedTree, at: Tree): void {
    const facts = { expression, detail: phrase('the value given behind it is used here.') };
    this.#problems.add('info', 'VALUE_UNRESOLVED', facts, at.range);
  }
}

const circle = phrase('it refers to itself.');

function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}

/** A value that cannot be known here, with the reason. */
export function unresolved(
  at: Tree,
  expression: string,
  reason: string | Phrase,
  more: { cloud?: true } = {},
): UnresolvedTree {
  return { kind: 'unresolved', range: at.range, expression, reason, ...more };
}
