import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../setup.mjs';

/** Editor suites that share one launch of the editor. */
export interface SuiteGroup {
  name: string;
  /** Folder or `.code-workspace` file of the clone that the editor opens a copy of. */
  workspace: string;
  files: string[];
}

const defaultWorkspace = 'examples';

/**
 * Puts suites into groups by the first lines of each file: `// @workspace test/fixtures/x` names another workspace than
 * the examples, `// @alone` asks for a launch of its own.
 */
export function groupSuites(files: string[]): SuiteGroup[] {
  const groups = new Map<string, SuiteGroup>();
  for (const file of files) {
    const head = readFileSync(join(root, file), 'utf8').split('\n', 5).join('\n');
    const workspace = /^\/\/ @workspace (\S+)$/m.exec(head)?.[1] ?? defaultWorkspace;
    const alone = /^\/\/ @alone$/m.test(head);
    const name = alone ? basename(file, '.test.ts') : workspace.replace(/\W+/g, '-');
    const group = groups.get(name) ?? { name, workspace, files: [] };
    group.files.push(file);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Bundles a group into one module with the `run` that extension tests need; returns its path. */
export async function bundleGroup(group: SuiteGroup): Promise<string> {
  const outfile = join(root, 'dist', 'test', `${group.name}.cjs`);
  await build({
    stdin: {
      contents: [
        "import { runSuites } from './test/editor/runSuites.ts';",
        'export const run = () => runSuites(() => {',
        ...group.files.map((file) => `  require('./${file}');`),
        '});',
      ].join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  return outfile;
}
