import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDebuggerAhead } from '../../../../extension/debug/loadDebugger.ts';
import { Emitter } from '../../../../runtime/support/emitter.ts';

interface Change {
  added: { location?: { uri: { path: string } } }[];
}

function set(activate: () => Promise<void> = () => Promise.resolve()) {
  const changes = new Emitter<Change>();
  const host = {};
  const loads: string[] = [];
  const warnings: string[] = [];
  const api = {
    debug: { onDidChangeBreakpoints: changes.event },
    extensions: {
      getExtension: (id: string) => ({
        activate: () => {
          loads.push(id);
          return activate();
        },
      }),
    },
  };
  const hosts = {
    withProject: [host],
    ofFile: ({ path }: { path: string }) => (path.startsWith('/project/') ? host : undefined),
  };
  loadDebuggerAhead(api as never, hosts as never, { warn: (text: string) => void warnings.push(text) });
  const breakAt = (...paths: string[]) =>
    changes.fire({ added: paths.map((path) => ({ location: { uri: { path } } })) });
  return { changes, breakAt, loads, warnings };
}

test('the first breakpoint in JavaScript of a folder with functions loads the debugger, once', () => {
  const { breakAt, loads } = set();
  breakAt('/project/a.ts');
  breakAt('/project/b.mjs', '/project/c.jsx');
  assert.deepEqual(loads, ['ms-vscode.js-debug']);
});

test('other languages, other folders, functions by name and removals load nothing', () => {
  const { breakAt, changes, loads } = set();
  breakAt('/project/a.py', '/elsewhere/a.ts');
  changes.fire({ added: [{}] });
  breakAt();
  assert.deepEqual(loads, []);
});

test('a debugger that does not load is written to the log', async () => {
  const { breakAt, warnings } = set(() => Promise.reject(new Error('broken')));
  breakAt('/project/a.cts');
  await new Promise((resolve) => setImmediate(resolve));
  assert.match(warnings.join(), /not loaded: Error: broken/);
});
