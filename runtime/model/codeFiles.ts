/** Code that somebody may want to stop in, and what its debuggers are like. */
export interface CodeKind {
  id: 'javascript' | 'python' | 'go';
  /** Names of its files; the last part of a path decides. */
  files: RegExp;
  /** Files that only tests load, by their names. */
  tests: RegExp;
  /**
   * Who knows the lines at which something can stop. `parser`: they are known before anything runs. `debugger`: without it
   * only lines that certainly have no code are.
   */
  lines: 'parser' | 'debugger';
  /**
   * What it means when a debugger calls a breakpoint set. `found`: it has its place in code that is loaded. `noted`: it will
   * be looked for in code to come; `debugpy` says so of every file on the disk, also of those that nothing imports.
   */
  set: 'found' | 'noted';
}

/** The kinds of code whose functions are debugged here. */
export const codeKinds = {
  javascript: {
    id: 'javascript',
    files: /\.[cm]?[jt]sx?$/i,
    tests: /[._-](test|spec)\.[cm]?[jt]sx?$/i,
    lines: 'parser',
    set: 'found',
  },
  python: {
    id: 'python',
    files: /\.py$/i,
    tests: /^(test_.*|.*_test|conftest)\.py$/i,
    lines: 'parser',
    set: 'noted',
  },
  go: { id: 'go', files: /\.go$/i, tests: /_test\.go$/i, lines: 'debugger', set: 'found' },
} as const satisfies Record<string, CodeKind>;

/** The kind of code a file is by its name; undefined for all others. */
export function codeKindOf(path: string): CodeKind | undefined {
  return Object.values(codeKinds).find(({ files }) => files.test(path));
}
