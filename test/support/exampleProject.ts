import { cpSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import { tempFolder } from './tempFolder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const leftBehind = new Set(['node_modules', '.porchlight', '.env']);

/**
 * A copy of an example as it is after `npm install` in it: its packages are development dependencies of ours, which stand
 * in for that.
 */
export function exampleCopy(t: TestContext, name: string): string {
  const folder = tempFolder(t);
  cpSync(join(root, 'examples', name), folder, {
    recursive: true,
    filter: (path) => !leftBehind.has(basename(path)),
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

/** A folder with copies of a few examples: as many rows as a view shows without being scrolled. */
export function fewExamples(t: Pick<TestContext, 'after'>): string {
  // Its name is seen in the window's title, and so in pictures.
  const folder = join(tempFolder(t), 'examples');
  for (const name of ['hello-fc', 'orders-sam', 'verification-code']) {
    cpSync(join(root, 'examples', name), join(folder, name), {
      recursive: true,
      filter: (path) => basename(path) !== '.porchlight',
    });
  }
  return folder;
}

/** A host over a copy of an example that was changed before; both are gone after the test. */
export async function exampleHost(
  t: TestContext,
  name: string,
  change: (folder: string) => void = () => {},
): Promise<Host> {
  const opened: { host?: Host } = {};
  // Hooks run in the order of their registration: the folder must not go before its host.
  t.after(() => opened.host?.close('test ended'));
  const folder = exampleCopy(t, name);
  change(folder);
  return (opened.host = await startDevHost({
    root: folder,
    port: 0,
    version: '0.0.0-test',
    announce: false,
  }));
}

/** Writes what a test has for people to read: what was measured is shown, and no reason to fail. */
export function tellFigures(t: TestContext, title: string, figures: Record<string, number[]>): void {
  const lines = Object.entries(figures).map(
    ([what, ms]) => `${what}: ${ms.map((each) => each.toFixed(1)).join(', ')} ms`,
  );
  t.diagnostic([title, ...lines].join('\n  '));
}
