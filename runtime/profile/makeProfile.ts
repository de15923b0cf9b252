import {
  profileLimits,
  type ColdStartProfile,
  type ImportCost,
  type LoadCost,
  type ModuleCost,
  type PackageCost,
  type PhaseCost,
} from '../model/coldStartProfile.ts';
import type { Phase } from '../model/invocationRecord.ts';
import { phaseNames, type SourcePosition } from '../model/words.ts';
import type { ImportGraph } from '../protocol/instance/importGraph.ts';
import { textHash } from '../support/textHash.ts';
import { loadTree, median, mergeGraphs, savedMs, type LoadTree } from './moduleGraph.ts';
import { moduleName, type ModuleName } from './moduleNames.ts';
import { guessPlaces, toSources, type SourceGraph } from './ownSources.ts';
import type { ProfileSources } from './profileSources.ts';

/** One load that was measured. */
export interface ProfiledRun {
  phases: Phase[];
  wallMs: number;
  imports?: ImportGraph;
}

export interface ProfileInput {
  function: string;
  artifact: string;
  /** Absolute folder below which own files are named. */
  root: string;
  node: string;
  at: number;
  passive: boolean;
  runs: ProfiledRun[];
  /** The function is loaded as an ES module. */
  esModule: boolean;
  /** Own files, for what can be found by name only. */
  ownFiles: readonly string[];
}

/** Makes a profile of measured loads. Pure but for what `sources` reads. */
export function makeProfile(input: ProfileInput, sources: ProfileSources): ColdStartProfile {
  const phases = phaseCosts(input.runs);
  const loadMs = phases.find(({ name }) => name === 'load')?.medianMs ?? 0;
  const graphs = input.runs.flatMap(({ imports }) => imports ?? []);
  let graph = toSources(mergeGraphs(graphs), input.root, sources);
  const watched = graphs.some(({ esModules }) => esModules);
  if (input.esModule && !watched) graph = guessPlaces(graph, input.ownFiles, sources);
  const costs = new Costs(graph, input.root, loadMs);
  const imports = costs.imports(sources);
  return {
    function: input.function,
    artifact: input.artifact,
    node: input.node,
    at: input.at,
    runs: input.runs.length,
    ...(input.passive ? { passive: true } : {}),
    phases,
    totalMs: spread(input.runs.map(({ wallMs }) => wallMs)),
    loadMs,
    modules: costs.modules(),
    packages: costs.packages(),
    imports,
    files: [...new Set(imports.map(({ at }) => at.file))].map((file) => ({
      file,
      hash: textHash(sources.text(file) ?? ''),
    })),
    notes: notesOf(input, graphs, graph),
  };
}

function phaseCosts(runs: readonly ProfiledRun[]): PhaseCost[] {
  return phaseNames.flatMap((name) => {
    const values = runs.flatMap(({ phases }) => {
      const found = phases.filter((phase) => phase.name === name);
      return found.length === 0 ? [] : [found.reduce((sum, { durationUs }) => sum + durationUs, 0) / 1000];
    });
    return values.length === 0 ? [] : [{ name, ...spread(values) }];
  });
}

function spread(values: readonly number[]): { medianMs: number; minMs: number; maxMs: number } {
  return {
    medianMs: rounded(median(values)),
    minMs: rounded(Math.min(...values)),
    maxMs: rounded(Math.max(...values)),
  };
}

/** Microseconds are what was measured. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

class Costs {
  readonly #graph: SourceGraph;
  readonly #tree: LoadTree;
  readonly #loadMs: number;
  readonly #names: ModuleName[];

  constructor(graph: SourceGraph, root: string, loadMs: number) {
    this.#graph = graph;
    this.#tree = loadTree(graph);
    this.#loadMs = loadMs;
    this.#names = graph.files.map((file) => moduleName(file, root));
  }

  modules(): ModuleCost[] {
    const { files, selfMs, estimated } = this.#graph;
    const { totalMs, rank } = this.#tree;
    // Who loads a module stands before it, also where it takes no time of its own.
    const order = [...files.keys()]
      .filter((module) => totalMs[module]! > 0)
      .sort((a, b) => totalMs[b]! - totalMs[a]! || rank[a]! - rank[b]!)
      .slice(0, profileLimits.modules);
    const places = this.#placesByModule();
    return order.map((module): ModuleCost => {
      const by = this.#loader(module);
      const loadedBy = by === undefined ? -1 : order.indexOf(by);
      return {
        ...this.#names[module]!,
        file: files[module]!,
        ...this.#cost(totalMs[module]!, { modules: new Set([module]) }),
        selfMs: rounded(selfMs[module]!),
        ...(loadedBy < 0 ? {} : { loadedBy }),
        importedAt: places.get(module) ?? [],
        ...(estimated.has(module) ? { estimated: true } : {}),
      };
    });
  }

  packages(): PackageCost[] {
    const members = new Map<string, number[]>();
    for (const [module, { kind, package: name }] of this.#names.entries()) {
      const label = name ?? (kind === 'own' ? ownLabel : builtinLabel);
      members.set(label, [...(members.get(label) ?? []), module]);
    }
    return [...members]
      .map(([name, modules]): PackageCost => {
        const set = new Set(modules);
        const outermost = modules.filter((module) => !this.#isBelow(module, set));
        const totalMs = outermost.reduce((sum, module) => sum + this.#tree.totalMs[module]!, 0);
        return {
          name,
          ...this.#cost(totalMs, { modules: set }),
          selfMs: rounded(modules.reduce((sum, module) => sum + this.#graph.selfMs[module]!, 0)),
          modules: modules.length,
        };
      })
      .filter(({ totalMs }) => totalMs > 0)
      .sort((a, b) => b.totalMs - a.totalMs)
      .slice(0, profileLimits.packages);
  }

  /** Statements of own code, most expensive first. Several `require` calls of one thing in one line are one. */
  imports(sources: ProfileSources): ImportCost[] {
    const statements = new Map<string, { at: SourcePosition; to: number; edges: number[] }>();
    for (const [edge, at] of this.#graph.places.entries()) {
      if (!at) continue;
      const { to } = this.#graph.edges[edge]!;
      const key = `${at.file}\0${at.line}\0${to}`;
      const known = statements.get(key);
      if (known) known.edges.push(edge);
      else statements.set(key, { at, to, edges: [edge] });
    }
    return [...statements.values()]
      .map(({ at, to, edges }): ImportCost => {
        const loads = edges.includes(this.#tree.loadedBy[to]!);
        const { kind, name, package: of } = this.#names[to]!;
        const guessed = edges.some((edge) => this.#graph.guessed.has(edge));
        return {
          at,
          text: lineOf(sources.text(at.file), at.line),
          name: of ?? name,
          kind,
          ...this.#cost(loads ? this.#tree.totalMs[to]! : 0, { edges: new Set(edges) }),
          ...(guessed || this.#graph.estimated.has(to) ? { estimated: true } : {}),
        };
      })
      .sort((a, b) => b.totalMs - a.totalMs)
      .slice(0, profileLimits.imports);
  }

  #cost(totalMs: number, without: Parameters<typeof savedMs>[1]): LoadCost {
    return {
      totalMs: rounded(totalMs),
      onlyMs: rounded(savedMs(this.#graph, without)),
      share: this.#loadMs > 0 ? Math.min(1, rounded(totalMs / this.#loadMs)) : 0,
    };
  }

  #placesByModule(): Map<number, SourcePosition[]> {
    const found = new Map<number, SourcePosition[]>();
    for (const [edge, at] of this.#graph.places.entries()) {
      const { to } = this.#graph.edges[edge]!;
      if (at) found.set(to, [...(found.get(to) ?? []), at]);
    }
    return found;
  }

  #loader(module: number): number | undefined {
    const from = this.#graph.edges[this.#tree.loadedBy[module]!]?.from;
    return from === undefined || from < 0 ? undefined : from;
  }

  #isBelow(module: number, set: ReadonlySet<number>): boolean {
    for (let by = this.#loader(module); by !== undefined; by = this.#loader(by)) if (set.has(by)) return true;
    return false;
  }
}

/** What own code and Node's modules are called among packages; no package can have such a name. */
const ownLabel = '(own code)';
const builtinLabel = '(Node.js)';

const longestLine = 200;

function lineOf(text: string | undefined, line: number): string {
  return (text?.split(/\r\n|\r|\n/)[line - 1] ?? '').trim().slice(0, longestLine);
}

function notesOf(input: ProfileInput, graphs: readonly ImportGraph[], graph: SourceGraph): string[] {
  const most = (of: (each: ImportGraph) => number) => Math.max(0, ...graphs.map(of));
  const linkMs = median(graphs.map(({ linkUs }) => linkUs / 1000));
  const watched = graphs.some(({ esModules }) => esModules);
  return [
    ...(graphs.length === 0 ? ['The language of this function does not tell what its imports cost.'] : []),
    ...(input.esModule && watched && linkMs > 0
      ? [
          `Node.js read, compiled and linked all ES modules together in ${linkMs.toFixed(1)} ms, which are shared out among them by size (estimated). Watching them slows loading down by about an eighth.`,
        ]
      : []),
    ...(input.esModule && !watched && graphs.length > 0
      ? [
          'This run could not time ES modules one by one: CommonJS packages have their own figures, everything else is in the entry. A profile on Node.js 22.15 or newer shows all.',
        ]
      : []),
    ...(graph.estimated.size > 0
      ? ['Own modules are bundled into one file; its own time is shared out among them by size (estimated).']
      : []),
    ...(most(({ preloaded }) => preloaded) > 0
      ? [
          `${most(({ preloaded }) => preloaded)} modules of packages were there before the load and cost nothing in it.`,
        ]
      : []),
    ...(most(({ dropped }) => dropped) > 0
      ? [
          `${most(({ dropped }) => dropped)} modules are beyond the bound; their time counts as that of who loads them.`,
        ]
      : []),
  ];
}
