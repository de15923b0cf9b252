import { dirname } from 'node:path';
import type { FunctionDefinition } from './functionDefinition.ts';
import { isInside } from './handlerModule.ts';
import type { Problem } from './project.ts';
import type { DeclaredEvent } from './testing/savedEvent.ts';
import { applyOverlays } from './projectFiles/overlay.ts';
import type { ParsedFunction, ParsedProjectFile, TextRange } from './projectFiles/projectFile.ts';
import { makeNamesUnique } from './uniqueNames.ts';

/** One project file that was read. */
export interface ReadFile {
  file: string;
  parsed: ParsedProjectFile;
}

/** A function of a folder as it runs: overlaid, with a unique name, and where its handler string stands. */
export interface CombinedFunction {
  definition: FunctionDefinition;
  /** Absent for a bare folder's functions, whose code declares them. */
  handlerAt?: { file: string; range: TextRange };
  /** Saved events that a `porchlight.yaml` lists. */
  events: DeclaredEvent[];
}

interface Candidate {
  key: string;
  definition: FunctionDefinition;
  handlerAt?: CombinedFunction['handlerAt'];
  events: DeclaredEvent[];
}

/**
 * Joins what a folder's project files say: every `porchlight.yaml` lies over the functions that other files declare in
 * its folder and below, and names are made unique. `bare` are the functions found in code, when no file declares any.
 */
export function combineFunctions(
  root: string,
  read: ReadFile[],
  bare: FunctionDefinition[],
): { functions: CombinedFunction[]; problems: Problem[] } {
  const isOwn = (entry: ReadFile): boolean => entry.parsed.overlays.length > 0;
  let others: Candidate[] = [
    ...read
      .filter((entry) => !isOwn(entry))
      .flatMap(({ file, parsed }) => parsed.functions.map((each) => candidate(file, each, []))),
    ...bare.map((definition) => ({ key: definition.name, definition, events: [] })),
  ];
  const own: Candidate[] = [];
  const problems: Problem[] = [];
  for (const { file, parsed } of read.filter(isOwn)) {
    const eventsOf = (name: string) => parsed.overlays.find((over) => over.name === name)?.events ?? [];
    const candidates = parsed.functions.map((each) => candidate(file, each, eventsOf(each.key)));
    const inside = others.filter(({ definition }) => isInside(dirname(file), definition.declaredAt.file));
    const overlaid = applyOverlays(inside, parsed.overlays);
    problems.push(...overlaid.problems);
    const replaced = new Map(inside.map((each, i) => [each, overlaid.definitions[i]!]));
    others = others.map((each) => {
      const definition = replaced.get(each);
      if (!definition) return each;
      const stated = candidates.find(({ key }) => key === each.definition.name || key === each.key);
      const handlerAt = stated?.handlerAt ?? each.handlerAt;
      const events = [...each.events, ...eventsOf(each.definition.name)];
      if (each.key !== each.definition.name && events.length === each.events.length)
        events.push(...eventsOf(each.key));
      return { key: each.key, definition, events, ...(handlerAt ? { handlerAt } : {}) };
    });
    const matched = new Set([...overlaid.matched].map(({ name }) => name));
    own.push(...candidates.filter(({ definition }) => !matched.has(definition.name)));
  }
  const all = [...own, ...others];
  const unique = makeNamesUnique(
    root,
    all.map(({ definition }) => definition),
  );
  problems.push(...unique.problems);
  const functions = all.map(({ handlerAt, events }, i) => ({
    definition: unique.functions[i]!,
    events,
    ...(handlerAt ? { handlerAt } : {}),
  }));
  return { functions, problems };
}

function candidate(
  file: string,
  { key, file: included, definition, handlerRange }: ParsedFunction,
  events: DeclaredEvent[],
): Candidate {
  const handlerAt = handlerRange && { file: included ?? file, range: handlerRange };
  return { key, definition, events, ...(handlerAt ? { handlerAt } : {}) };
}
