import type { ColdStartProfile, ImportCost } from '../../runtime/model/coldStartProfile.ts';
import type { ImportGraph } from '../../runtime/protocol/instance/importGraph.ts';

/** An import of a package in `/p/src/hello.ts`. */
export function importCost(
  name: string,
  line: number,
  totalMs: number,
  changes: Partial<ImportCost> = {},
): ImportCost {
  return {
    name,
    kind: 'package',
    at: { file: '/p/src/hello.ts', line, column: 1 },
    text: `import '${name}';`,
    totalMs,
    onlyMs: totalMs / 2,
    share: totalMs / 100,
    ...changes,
  };
}

/** A profile of ten cold starts; `changes` lie over it. */
export function profileOf(changes: Partial<ColdStartProfile> = {}): ColdStartProfile {
  return {
    function: 'hello',
    artifact: 'a1',
    node: 'Node.js 24.0.0',
    at: new Date(2026, 0, 2, 12, 4).getTime(),
    runs: 10,
    phases: [
      { name: 'boot', medianMs: 30, minMs: 28, maxMs: 41.25 },
      { name: 'load', medianMs: 100, minMs: 95, maxMs: 120 },
      { name: 'handler', medianMs: 0.5, minMs: 0.4, maxMs: 1 },
    ],
    totalMs: { medianMs: 130.5, minMs: 124, maxMs: 160 },
    loadMs: 100,
    modules: [
      {
        name: 'src/hello.ts',
        kind: 'own',
        file: '/p/src/hello.ts',
        totalMs: 95,
        selfMs: 5,
        onlyMs: 95,
        share: 0.95,
        importedAt: [],
        estimated: true,
      },
      {
        name: 'big/index.js',
        kind: 'package',
        package: 'big',
        file: '/p/node_modules/big/index.js',
        totalMs: 80,
        selfMs: 50,
        onlyMs: 60,
        share: 0.8,
        loadedBy: 0,
        importedAt: [{ file: '/p/src/hello.ts', line: 1, column: 1 }],
      },
      {
        name: 'shared/index.js',
        kind: 'package',
        package: 'shared',
        file: '/p/node_modules/shared/index.js',
        totalMs: 30,
        selfMs: 30,
        onlyMs: 30,
        share: 0.3,
        loadedBy: 1,
        importedAt: [],
      },
    ],
    packages: [
      { name: '(own code)', totalMs: 95, selfMs: 5, onlyMs: 95, share: 0.95, modules: 1 },
      { name: 'big', totalMs: 80, selfMs: 50, onlyMs: 60, share: 0.8, modules: 1 },
      { name: 'shared', totalMs: 30, selfMs: 30, onlyMs: 30, share: 0.3, modules: 1 },
    ],
    imports: [importCost('big', 1, 80), importCost('small', 2, 1)],
    files: [{ file: '/p/src/hello.ts', hash: '' }],
    notes: [],
    ...changes,
  };
}

/** What an instance tells, from own times and edges by name; `entry>big@3`: asked for in line 3. */
export function graphOf(
  selfMs: Record<string, number>,
  edges: string[],
  changes: Partial<ImportGraph> = {},
): ImportGraph {
  const files = Object.keys(selfMs);
  return {
    modules: files.map((file) => [file, selfMs[file]! * 1000]),
    edges: [
      [-1, 0, 0, 0],
      ...edges.map((text): ImportGraph['edges'][number] => {
        const [, from, to, line, specifier] = /^(.*)>([^@#]+)(?:@(\d+))?(?:#(.*))?$/.exec(text)!;
        const ends: [number, number] = [files.indexOf(from!), files.indexOf(to!)];
        return specifier === undefined
          ? [...ends, Number(line ?? 0), line ? 5 : 0]
          : [...ends, 0, 0, specifier];
      }),
    ],
    dropped: 0,
    preloaded: 0,
    linkUs: 0,
    esModules: false,
    ...changes,
  };
}
