import type { ImportGraph } from '../protocol/instance/importGraph.ts';

/** Where own code asks for a module, in the file that runs: a place, or the specifier of an ES module's import. */
export interface CallPlace {
  line: number;
  column: number;
  specifier?: string;
}

export interface GraphEdge {
  /** -1: the function begins with it. */
  from: number;
  to: number;
  /** Where own code asks, as far as it is known. */
  place?: CallPlace;
}

/** Modules and who loads whom, over several loads of the same code. */
export interface ModuleGraph {
  files: string[];
  /** Medians, in milliseconds. */
  selfMs: number[];
  /** The first edge into a module loads it, or with ES modules the first one on a walk depth first. */
  edges: GraphEdge[];
  esModules: boolean;
}

/** Puts the graphs of several runs together. A module's own time is its median, and nothing where it was not loaded. */
export function mergeGraphs(graphs: readonly ImportGraph[]): ModuleGraph {
  const index = new Map<string, number>();
  const files: string[] = [];
  const times: number[][] = [];
  const edges: GraphEdge[] = [];
  const known = new Set<string>();
  for (const [run, graph] of graphs.entries()) {
    const ids = graph.modules.map(([file, selfUs]) => {
      let id = index.get(file);
      if (id === undefined) {
        id = files.push(file) - 1;
        index.set(file, id);
        times.push(new Array<number>(graphs.length).fill(0));
      }
      times[id]![run]! += selfUs / 1000;
      return id;
    });
    for (const [fromRow, toRow, line, column, specifier] of graph.edges) {
      const from = fromRow < 0 ? -1 : ids[fromRow]!;
      const to = ids[toRow]!;
      const key = `${from} ${to} ${line} ${column} ${specifier ?? ''}`;
      if (known.has(key)) continue;
      known.add(key);
      const located = line > 0 || specifier !== undefined;
      edges.push({
        from,
        to,
        ...(located ? { place: { line, column, ...(specifier === undefined ? {} : { specifier }) } } : {}),
      });
    }
  }
  return { files, selfMs: times.map(median), edges, esModules: graphs.some(({ esModules }) => esModules) };
}

/** The middle one, or the mean of the two in the middle; 0 of nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Total time of each module, and what loads it first. */
export interface LoadTree {
  totalMs: number[];
  /** Index of the loading edge; -1 for modules that nobody is known to load. */
  loadedBy: number[];
  /** When each module came, counted from 0. */
  rank: number[];
}

export function loadTree(graph: ModuleGraph): LoadTree {
  const { loadedBy, order } = graph.esModules ? depthFirst(graph) : firstComers(graph);
  const totalMs = [...graph.selfMs];
  const rank = new Array<number>(graph.files.length).fill(graph.files.length);
  for (const [position, module] of order.entries()) rank[module] = position;
  // Who loads a module comes before it.
  for (const module of order.reverse()) {
    const from = graph.edges[loadedBy[module]!]?.from ?? -1;
    if (from >= 0) totalMs[from]! += totalMs[module]!;
  }
  return { totalMs, loadedBy, rank };
}

interface Loading {
  loadedBy: number[];
  order: number[];
}

function firstComers(graph: ModuleGraph): Loading {
  const loadedBy = new Array<number>(graph.files.length).fill(-1);
  const order: number[] = [];
  for (const [edge, { from, to }] of graph.edges.entries()) {
    if (loadedBy[to] !== -1 || from === to) continue;
    loadedBy[to] = edge;
    order.push(to);
  }
  return { loadedBy, order };
}

/** Node evaluates ES modules depth first, whatever the order in which it read them. */
function depthFirst(graph: ModuleGraph): Loading {
  const loadedBy = new Array<number>(graph.files.length).fill(-1);
  const order: number[] = [];
  const outgoing = edgesByAsker(graph);
  // Deep chains of modules would overflow the stack of a recursive walk.
  const stack = [{ edges: outgoing.get(-1) ?? [], next: 0 }];
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const edge = top.edges[top.next++];
    if (edge === undefined) {
      stack.pop();
      continue;
    }
    const { to } = graph.edges[edge]!;
    if (loadedBy[to] !== -1) continue;
    loadedBy[to] = edge;
    order.push(to);
    stack.push({ edges: outgoing.get(to) ?? [], next: 0 });
  }
  return { loadedBy, order };
}

/** Time of everything that nothing reaches any more once some modules or edges are gone. */
export function savedMs(
  graph: ModuleGraph,
  without: { modules?: ReadonlySet<number>; edges?: ReadonlySet<number> },
): number {
  const { files, selfMs, edges } = graph;
  const reached = new Array<boolean>(files.length).fill(false);
  const outgoing = edgesByAsker(graph);
  const stack = [-1];
  while (stack.length > 0) {
    for (const edge of outgoing.get(stack.pop()!) ?? []) {
      const { to } = edges[edge]!;
      if (reached[to] || without.edges?.has(edge) || without.modules?.has(to)) continue;
      reached[to] = true;
      stack.push(to);
    }
  }
  const reachable = reachableFrom(graph);
  return selfMs.reduce((sum, ms, module) => (reached[module] || !reachable[module] ? sum : sum + ms), 0);
}

const outgoingOf = new WeakMap<ModuleGraph, Map<number, number[]>>();
const reachableOf = new WeakMap<ModuleGraph, boolean[]>();

function edgesByAsker(graph: ModuleGraph): Map<number, number[]> {
  let found = outgoingOf.get(graph);
  if (!found) {
    found = new Map();
    for (const [edge, { from }] of graph.edges.entries()) {
      const list = found.get(from);
      if (list) list.push(edge);
      else found.set(from, [edge]);
    }
    outgoingOf.set(graph, found);
  }
  return found;
}

/** What the function's entries lead to: what nobody is known to have asked for cannot be saved by anything. */
function reachableFrom(graph: ModuleGraph): boolean[] {
  let found = reachableOf.get(graph);
  if (!found) {
    found = new Array<boolean>(graph.files.length).fill(false);
    const outgoing = edgesByAsker(graph);
    const stack = [-1];
    while (stack.length > 0) {
      for (const edge of outgoing.get(stack.pop()!) ?? []) {
        const { to } = graph.edges[edge]!;
        if (found[to]) continue;
        found[to] = true;
        stack.push(to);
      }
    }
    reachableOf.set(graph, found);
  }
  return found;
}
