import type { SourcePosition } from '../model/words.ts';
import type { GraphEdge, ModuleGraph } from './moduleGraph.ts';
import { moduleName, packageOfSpecifier } from './moduleNames.ts';
import type { ProfileSources } from './profileSources.ts';

/** A graph whose own modules are the user's sources. */
export interface SourceGraph extends ModuleGraph {
  /** By edge: where own code asks, in the user's file. */
  places: (SourcePosition | undefined)[];
  /** Modules whose time was shared out by size. */
  estimated: ReadonlySet<number>;
  /** Edges whose place was found by name, as who asked was not seen. */
  guessed: ReadonlySet<number>;
}

/**
 * Replaces generated files by the sources they were made of. A bundle's own time is shared out by size; what it imports
 * belongs to the source that has the statement.
 */
export function toSources(graph: ModuleGraph, root: string, sources: ProfileSources): SourceGraph {
  const files = [...graph.files];
  const selfMs = [...graph.selfMs];
  const estimated = new Set<number>();
  /** Source modules of each generated module, in the order in which they stand in it. */
  const parts = new Map<number, Map<string, number>>();
  for (const [module, file] of graph.files.entries()) {
    if (moduleName(file, root).kind !== 'own') continue;
    const sizes = [...(sources.sizes(file) ?? [])].filter(
      ([source, size]) =>
        size > 0 && sources.text(source) !== undefined && moduleName(source, root).kind === 'own',
    );
    if (sizes.length === 0) continue;
    const all = sizes.reduce((sum, [, size]) => sum + size, 0);
    const own = selfMs[module]!;
    const ids = new Map<string, number>();
    for (const [i, [source, size]] of sizes.entries()) {
      // The generated module's place in the list is taken by its first source.
      const id = i === 0 ? module : files.push(source) - 1;
      files[id] = source;
      selfMs[id] = (own * size) / all;
      if (sizes.length > 1) estimated.add(id);
      ids.set(source, id);
    }
    parts.set(module, ids);
  }
  const places: SourceGraph['places'] = [];
  const edges: GraphEdge[] = [];
  const add = (edge: GraphEdge, place?: SourcePosition) => {
    edges.push(edge);
    places.push(place);
  };
  for (const edge of graph.edges) {
    const askedAt = placeOf(edge, graph, sources);
    const from = (askedAt && parts.get(edge.from)?.get(askedAt.file)) ?? edge.from;
    add({ ...edge, from }, askedAt);
    for (const part of parts.get(edge.to)?.values() ?? []) if (part !== edge.to) add({ ...edge, to: part });
  }
  return { files, selfMs, edges, esModules: graph.esModules, places, estimated, guessed: new Set() };
}

/** Where own code asks, in the user's file. */
function placeOf(edge: GraphEdge, graph: ModuleGraph, sources: ProfileSources): SourcePosition | undefined {
  const file = graph.files[edge.from];
  if (!edge.place || file === undefined) return undefined;
  const { line, column, specifier } = edge.place;
  if (specifier === undefined) return sources.map({ file, line, column });
  const found = sources.imports(file).find((each) => each.specifier === specifier);
  return found && sources.map({ file, line: found.line, column: found.column });
}

/**
 * Where ES modules could not be watched, the packages that they import are known, but not who does: the first import of
 * that name in own code.
 */
export function guessPlaces(
  graph: SourceGraph,
  ownFiles: readonly string[],
  sources: ProfileSources,
): SourceGraph {
  const places = [...graph.places];
  const guessed = new Set<number>();
  const statements = ownFiles
    .filter((file) => /\.m?js$/.test(file))
    .flatMap((file) => sources.imports(file).map((each) => ({ ...each, file })));
  for (const { file, specifier, line, column } of statements) {
    const name = packageOfSpecifier(specifier);
    if (name === undefined) continue;
    const edge = graph.edges.findIndex(
      ({ from, to }, index) =>
        from === 0 && places[index] === undefined && moduleName(graph.files[to]!, '').package === name,
    );
    if (edge < 0) continue;
    places[edge] = sources.map({ file, line, column });
    guessed.add(edge);
  }
  return { ...graph, places, guessed };
}
