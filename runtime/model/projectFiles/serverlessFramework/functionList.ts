import type { ProblemList } from '../problemList.ts';
import { fileLimits, type TextRange } from '../projectFile.ts';
import { entriesOf, type Tree } from '../tree.ts';
import type { Variables } from './variables.ts';
import { phrase } from '../../../support/l10n.ts';

/** A function as the file lists it; variables in its settings are not replaced yet. */
export interface ListedFunction {
  key: string;
  keyRange: TextRange;
  settings: Tree;
}

/**
 * The functions of `functions`: a map, or a list of maps as they come from several files. Of two with one key the later
 * one counts, as the framework merges them.
 */
export function listFunctions(
  tree: Tree | undefined,
  variables: Variables,
  problems: ProblemList,
): ListedFunction[] {
  const found = new Map<string, ListedFunction>();
  const value = tree && variables.value(tree);
  const parts =
    value?.kind === 'list' ? value.items.map((item) => variables.value(item)) : value ? [value] : [];
  for (const part of parts) {
    if (part.kind === 'unresolved') {
      const { expression, reason } = part;
      const detail =
        reason === undefined
          ? phrase('The functions in it are missing here.')
          : phrase('{reason} The functions in it are missing here.', { reason });
      problems.add('warning', 'VALUE_UNRESOLVED', { expression, detail }, part.range);
    } else if (part.kind !== 'map' && !(part.kind === 'scalar' && part.value === null)) {
      const facts = { path: 'functions', detail: phrase('expected functions by name, or a list of such.') };
      problems.add('error', 'SETTING_INVALID', facts, part.range);
    }
    for (const [key, entry, keyRange] of entriesOf(part)) {
      if (found.size < fileLimits.functions || found.has(key))
        found.set(key, { key, keyRange, settings: variables.value(entry) });
    }
  }
  return [...found.values()];
}
