import assert from 'node:assert/strict';
import test from 'node:test';
import type { ColdStartProfile } from '../../../runtime/model/coldStartProfile.ts';
import { makeProfile, type ProfileInput } from '../../../runtime/profile/makeProfile.ts';
import { moduleName, packageOfSpecifier } from '../../../runtime/profile/moduleNames.ts';
import type { ProfileSources } from '../../../runtime/profile/profileSources.ts';
import type { ImportGraph } from '../../../runtime/protocol/instance/importGraph.ts';
import { graphOf } from '../../support/profiles.ts';

const entry = '/p/index.js';
const inPackage = (name: string, file = 'index.js') => `/p/node_modules/${name}/${file}`;

const noSources: ProfileSources = {
  map: (position) => position,
  sizes: () => undefined,
  text: (file) => (file.startsWith('/p/node_modules') ? undefined : 'one\n  two\nthree'),
  imports: () => [],
};

function make(
  graphs: ImportGraph[],
  sources: Partial<ProfileSources> = {},
  changes: Partial<ProfileInput> = {},
): ColdStartProfile {
  const runs = graphs.map((imports, index) => ({
    phases: [
      { name: 'load' as const, startUs: 0, durationUs: 100_000 },
      { name: 'handler' as const, startUs: 100_000, durationUs: 1000 * (index + 1) },
    ],
    wallMs: 110 + index,
    imports,
  }));
  const input = {
    function: 'hello',
    artifact: 'a1',
    root: '/p',
    node: 'Node.js 24.0.0',
    at: 1,
    passive: false,
    runs,
    esModule: false,
    ownFiles: [],
    ...changes,
  };
  return makeProfile(input, { ...noSources, ...sources });
}

/** `name total/self/only < loader` */
const shown = ({ modules }: ColdStartProfile): string[] =>
  modules.map(
    ({ name, totalMs, selfMs, onlyMs, loadedBy }) =>
      `${name} ${totalMs}/${selfMs}/${onlyMs}${loadedBy === undefined ? '' : ` < ${modules[loadedBy]!.name}`}`,
  );

const [a, b, shared, deep] = ['a', 'b', 'shared', 'deep'].map((name) => inPackage(name)) as [
  string,
  string,
  string,
  string,
];

test('what is shared is charged to the first, and saved only when both are gone', () => {
  const profile = make([
    graphOf({ [entry]: 1, [a]: 10, [b]: 20, [shared]: 5 }, [
      `${entry}>${a}@1`,
      `${a}>${shared}`,
      `${entry}>${b}@2`,
      `${b}>${shared}`,
    ]),
  ]);
  assert.deepEqual(shown(profile), [
    'index.js 36/1/36',
    'b/index.js 20/20/20 < index.js',
    'a/index.js 15/10/10 < index.js',
    'shared/index.js 5/5/5 < a/index.js',
  ]);
  assert.deepEqual(
    profile.imports.map(({ name, at, text, totalMs, onlyMs, share }) => [
      name,
      at.line,
      text,
      totalMs,
      onlyMs,
      share,
    ]),
    [
      ['b', 2, 'two', 20, 20, 0.2],
      ['a', 1, 'one', 15, 10, 0.15],
    ],
  );
});

test('two imports of one thing: the second costs nothing, and taking one away saves nothing', () => {
  const own = '/p/own.js';
  const profile = make([
    graphOf({ [entry]: 1, [own]: 2, [a]: 10 }, [`${entry}>${own}@1`, `${own}>${a}@2`, `${entry}>${a}@3`]),
  ]);
  assert.deepEqual(
    profile.imports.map(({ name, at, totalMs, onlyMs }) => [name, `${at.file}:${at.line}`, totalMs, onlyMs]),
    [
      ['own.js', '/p/index.js:1', 12, 2],
      ['a', '/p/own.js:2', 10, 0],
      ['a', '/p/index.js:3', 0, 0],
    ],
  );
  assert.deepEqual(
    profile.modules.find(({ package: of }) => of === 'a')?.importedAt.map(({ line }) => line),
    [2, 3],
  );
});

test('modules that load each other are counted once', () => {
  const profile = make([
    graphOf({ [entry]: 1, [a]: 10, [b]: 20 }, [`${entry}>${a}@1`, `${a}>${b}`, `${b}>${a}`]),
  ]);
  assert.deepEqual(shown(profile), [
    'index.js 31/1/31',
    'a/index.js 30/10/30 < index.js',
    'b/index.js 20/20/20 < a/index.js',
  ]);
});

test('medians over runs, also of a module that only some of them loaded', () => {
  const once = (aMs: number, more: Record<string, number> = {}) =>
    graphOf({ [entry]: 1, [a]: aMs, ...more }, [
      `${entry}>${a}@1`,
      ...Object.keys(more).map((file) => `${a}>${file}`),
    ]);
  const profile = make([once(10), once(30, { [deep]: 3 }), once(20)]);
  assert.deepEqual(shown(profile), ['index.js 21/1/21', 'a/index.js 20/20/20 < index.js']);
  assert.deepEqual(profile.phases.at(-1), { name: 'handler', medianMs: 2, minMs: 1, maxMs: 3 });
  assert.deepEqual(profile.totalMs, { medianMs: 111, minMs: 110, maxMs: 112 });
  assert.equal(profile.loadMs, 100);
});

test('a package counts what it loads once, however often it comes back to its own modules', () => {
  const inner = inPackage('a', 'lib/inner.js');
  const profile = make([
    graphOf({ [entry]: 1, [a]: 10, [b]: 20, [inner]: 4, 'node:fs': 2 }, [
      `${entry}>${a}@1`,
      `${a}>${b}`,
      `${b}>${inner}`,
      `${inner}>node:fs`,
    ]),
  ]);
  assert.deepEqual(
    profile.packages.map(({ name, totalMs, selfMs, onlyMs, modules }) => [
      name,
      totalMs,
      selfMs,
      onlyMs,
      modules,
    ]),
    [
      ['(own code)', 37, 1, 37, 1],
      ['a', 36, 14, 36, 2],
      ['b', 26, 20, 26, 1],
      ['(Node.js)', 2, 2, 2, 1],
    ],
  );
});

test('a bundle becomes its sources: by size, and by the place of each statement', () => {
  const bundle = '/p/.porchlight/artifacts/hello/1/index.cjs';
  const profile = make(
    [graphOf({ [bundle]: 10, [a]: 20, [b]: 30 }, [`${bundle}>${a}@7`, `${bundle}>${b}@9`])],
    {
      sizes: (file) =>
        file === bundle
          ? new Map([
              ['/p/src/main.ts', 300],
              ['/p/src/lib.ts', 100],
              ['/p/gone.ts', 50],
            ])
          : undefined,
      text: (file) => (file === '/p/gone.ts' ? undefined : 'x'),
      map: ({ line }) => ({ file: line === 7 ? '/p/src/lib.ts' : '/p/src/main.ts', line: 1, column: 8 }),
    },
  );
  assert.deepEqual(shown(profile), [
    'src/main.ts 37.5/7.5/37.5',
    'b/index.js 30/30/30 < src/main.ts',
    'src/lib.ts 22.5/2.5/22.5',
    'a/index.js 20/20/20 < src/lib.ts',
  ]);
  assert.deepEqual(
    profile.modules.map(({ estimated }) => estimated ?? false),
    [true, false, true, false],
  );
  assert.deepEqual(profile.files.map(({ file }) => file).sort(), ['/p/src/lib.ts', '/p/src/main.ts']);
});

test('ES modules are walked depth first, whatever the order in which they were read', () => {
  const main = '/p/main.mjs';
  const near = '/p/near.mjs';
  // Both imports of main were read before near's.
  const profile = make(
    [
      graphOf(
        { [main]: 1, [near]: 2, [a]: 10, [shared]: 5 },
        [`${main}>${near}#./near.mjs`, `${main}>${a}#a`, `${a}>${shared}`, `${near}>${shared}#shared`],
        { esModules: true, linkUs: 3000 },
      ),
    ],
    { imports: (file) => [{ specifier: file === main ? 'a' : 'shared', line: 2, column: 9 }] },
    { esModule: true },
  );
  assert.deepEqual(shown(profile), [
    'main.mjs 18/1/18',
    'a/index.js 10/10/10 < main.mjs',
    'near.mjs 7/2/2 < main.mjs',
    'shared/index.js 5/5/5 < near.mjs',
  ]);
  assert.deepEqual(
    profile.imports.map(({ name, at }) => `${name} ${at.file}:${at.line}`),
    ['a /p/main.mjs:2', 'shared /p/near.mjs:2'],
  );
  assert.match(profile.notes.join(), /all ES modules together in 3\.0 ms/);
});

test('without hooks, packages of ES modules are found by name, and said to be guessed', () => {
  const main = '/p/main.mjs';
  const profile = make(
    [graphOf({ [main]: 50, [a]: 10 }, [`${main}>${a}`])],
    { imports: () => [{ specifier: 'a/sub', line: 3, column: 9 }] },
    { esModule: true, ownFiles: [main] },
  );
  assert.deepEqual(
    profile.imports.map(({ name, at, totalMs, estimated }) => [name, at.line, totalMs, estimated]),
    [['a', 3, 10, true]],
  );
  assert.match(profile.notes.join(), /could not time ES modules one by one/);
});

test('what was left out or there before is said', () => {
  const graph = graphOf({ [entry]: 1 }, [], { dropped: 7, preloaded: 3 });
  const notes = make([graph]).notes.join('\n');
  assert.match(notes, /7 modules are beyond the bound/);
  assert.match(notes, /3 modules of packages were there before/);
});

test('files and specifiers are named as people name them', () => {
  const names: [file: string, kind: string, name: string, of?: string][] = [
    ['node:fs', 'builtin', 'node:fs'],
    ['/p/src/a.ts', 'own', 'src/a.ts'],
    ['/elsewhere/a.ts', 'own', '/elsewhere/a.ts'],
    ['/p/node_modules/zod/v4/index.cjs', 'package', 'zod/v4/index.cjs', 'zod'],
    ['/p/node_modules/.pnpm/zod@3/node_modules/zod/index.js', 'package', 'zod/index.js', 'zod'],
    ['/p/node_modules/@a/b/c/index.js', 'package', '@a/b/c/index.js', '@a/b'],
    ['/p/node_modules/x/node_modules/@a/b/i.js', 'package', '@a/b/i.js', '@a/b'],
  ];
  for (const [file, kind, name, of] of names)
    assert.deepEqual(moduleName(file, '/p'), { kind, name, ...(of ? { package: of } : {}) });
  const specifiers: [string, string | undefined][] = [
    ['zod', 'zod'],
    ['zod/v4', 'zod'],
    ['@a/b/c', '@a/b'],
    ['./own.js', undefined],
    ['/abs', undefined],
    ['#internal', undefined],
    ['node:fs', undefined],
    ['fs/promises', undefined],
    ['file:///p/a.mjs', undefined],
    ['C:\\p\\a.js', undefined],
  ];
  for (const [specifier, name] of specifiers) assert.equal(packageOfSpecifier(specifier), name, specifier);
});
