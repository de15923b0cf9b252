import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { serveDevRequests } from '../../runtime/host/devRequests.ts';
import { ExplainBreakpoints } from '../../runtime/protocol/control/breakpointFacts.ts';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import {
  AttachRequested,
  Invoke,
  StartDebugging,
  type DebugTarget,
} from '../../runtime/protocol/control/messages.ts';
import { CdpClient } from '../support/cdpClient.ts';
import { withoutGo } from '../support/go.ts';
import { startHostOf } from '../support/hostFixture.ts';
import { pythonOfMachine } from '../support/python.ts';

const withoutPython = pythonOfMachine() ? false : 'There is no Python.';

async function open(t: TestContext, fixture = 'breakpoints') {
  const host = await startHostOf(t, fixture, { extend: serveDevRequests });
  const { root } = host.options;
  const connection = await connectControl({
    url: host.control.url,
    token: host.control.token,
    client: { kind: 'editor', name: 'test', pid: process.pid },
  });
  t.after(() => connection.dispose());
  const invoke = (name: string, event: object = { name: 'Ada' }, startKind?: 'cold' | 'warm') =>
    connection.sendRequest(Invoke, {
      function: name,
      event: { encoding: 'utf8', data: JSON.stringify(event) },
      ...(startKind && { startKind }),
    });
  return {
    connection,
    root,
    invoke,
    ask: (file: string, ...lines: number[]) =>
      connection.sendRequest(ExplainBreakpoints, { file: join(root, file), lines }),
  };
}

suite('what is known about breakpoints', { timeout: 60_000 }, () => {
  test('which function uses a file, and which lines have code, before anything ran', async (t) => {
    const { ask } = await open(t);
    const greet = await ask('typed/greet.ts', 1, 2, 5, 7);
    assert.deepEqual(
      greet.users.map((use) => [use.function, use.debugged, use.instances]),
      [['typed', false, []]],
    );
    assert.deepEqual(
      greet.lines.map(({ line, code }) => [line, code]),
      [
        [1, true],
        [2, true],
        [5, false],
        [7, true],
      ],
    );
    const [typed] = greet.users;
    // The whole module is bundled for each of its exports that are used: what is not used is left out.
    assert.deepEqual(typed?.lines[3], { line: 7, code: false, nearest: 3 });
    const comment = await ask('typed/index.ts', 4, 15);
    assert.deepEqual(comment.lines, [
      { line: 4, code: false, nearest: 6 },
      { line: 15, code: false, nearest: 10 },
    ]);
  });

  test('files that no function uses', async (t) => {
    const { ask, root } = await open(t);
    for (const [file, name] of [
      ['typed/orphan.ts', 'typed'],
      ['plain/orphan.js', 'plain'],
    ] as const) {
      const orphan = await ask(file, 2);
      assert.deepEqual(
        [orphan.users, orphan.around.map((one) => one.function), orphan.place.kind],
        [[], [name], 'plain'],
      );
    }
    const tool = await ask('tools/report.ts', 2);
    assert.deepEqual([tool.users, tool.around, tool.others.length], [[], [], 2]);
    for (const [file, kind] of [
      ['typed/index.test.ts', 'test'],
      ['tests/index.ts', 'test'],
      ['typed/types.d.ts', 'declaration'],
      ['.vscode/x.js', 'excluded'],
      ['plain/node_modules/a/index.js', 'package'],
    ] as const) {
      const facts = await ask(file, 1);
      assert.deepEqual([facts.place.kind, facts.exists], [kind, false]);
    }
    await writeFile(join(root, 'plain', 'made.js'), 'exports.x = 1;\n//# sourceMappingURL=made.js.map\n');
    const map = { version: 3, sources: ['made.ts'], names: [], mappings: 'AAEA' };
    await writeFile(join(root, 'plain', 'made.js.map'), JSON.stringify(map));
    const made = await ask('plain/made.js', 1);
    assert.equal(made.place.kind, 'generated');
    assert.deepEqual(made.lines[0]?.source, { file: join(root, 'plain', 'made.ts'), line: 3, column: 1 });
  });

  for (const { name, comment, sources, is } of [
    { name: 'without a map', comment: false, sources: undefined, is: 'missing' },
    { name: 'with a map that is not there', comment: true, sources: undefined, is: 'unreadable' },
    { name: 'with a map of other sources', comment: true, sources: ['../src/index.ts'], is: 'without' },
    { name: 'with its map', comment: true, sources: ['../tools/index.ts'], is: undefined },
  ]) {
    test(`a script that was compiled ${name}`, async (t) => {
      const { ask, root } = await open(t);
      const script = join(root, 'plain', 'index.js');
      // Not where a compiler's settings would say: only a map can tell.
      await writeFile(join(root, 'tools', 'index.ts'), 'export const handler = async () => 1;\n');
      const last = comment ? '//# sourceMappingURL=index.js.map\n' : '';
      await writeFile(script, `'use strict';\nexports.handler = async () => 1;\n${last}`);
      const map = { version: 3, sources, names: [], mappings: ';AAAA' };
      if (sources) await writeFile(`${script}.map`, JSON.stringify(map));
      const { mapFaults, users } = await ask('tools/index.ts', 1);
      assert.deepEqual(
        mapFaults.map((fault) => [fault.function, fault.generated, fault.map]),
        is === undefined ? [] : [['plain', script, is]],
      );
      assert.deepEqual(
        users.map((use) => [use.function, use.lines]),
        is === undefined ? [['plain', [{ line: 1, code: true }]]] : [],
      );
    });
  }

  test('code that does not build', async (t) => {
    const { ask, root } = await open(t);
    await writeFile(join(root, 'typed', 'greet.ts'), 'export const = ;\n');
    const never = await ask('typed/greet.ts', 1);
    assert.equal(never.users[0]?.failed?.serving, false);
    assert.equal(never.users[0]?.failed?.at?.file, join(root, 'typed', 'greet.ts'));
  });

  for (const { name, index, code } of [
    { name: 'typed', index: 'typed/index.ts', code: 10 },
    { name: 'plain', index: 'plain/index.js', code: 6 },
  ]) {
    test(`${name}: what a debugger has set, what was hit, and what was loaded`, async (t) => {
      const { connection, ask, invoke } = await open(t);
      const targets: DebugTarget[] = [];
      const clients: CdpClient[] = [];
      t.after(() => clients.forEach((client) => client.close()));
      connection.onNotification(AttachRequested, (target) => {
        targets.push(target);
        void (async () => {
          const client = await CdpClient.connect(target.websocketAddress, { Host: 'localhost' });
          clients.push(client);
          await client.send('Runtime.enable');
          await client.send('Debugger.enable');
          await client.send('Runtime.runIfWaitingForDebugger');
        })();
      });
      await connection.sendRequest(StartDebugging, { functions: [name] });
      const record = await invoke(name, undefined, 'cold');
      const later = index.replace('index', 'later');
      const inInstance = async (file: string, line: number) => {
        const { users } = await ask(file, line);
        return users[0]?.instances.find(({ id }) => id === record.instance?.id);
      };
      const before = await inInstance(index, code);
      assert.deepEqual(
        [before?.debugged, before?.current, before?.loaded, before?.bound],
        [true, true, true, []],
      );
      assert.equal((await inInstance(later, 2))?.loaded, name === 'typed');

      const target = targets.findIndex(({ instance }) => instance === record.instance?.id);
      const client = clients[target]!;
      const place = await generatedPlace(client, name, index);
      const { breakpointId } = await client.send('Debugger.setBreakpointByUrl', place);
      const answer = invoke(name, undefined, 'warm');
      await client.event('Debugger.paused');
      await client.send('Debugger.resume');
      await answer;
      const hit = await inInstance(index, code);
      assert.deepEqual(
        hit?.bound.map(({ line, hits }) => [line, hits]),
        [[code, 1]],
      );
      assert.ok(Math.abs(Date.now() - hit!.bound[0]!.lastHitAt!) < 60_000);
      await client.send('Debugger.removeBreakpoint', { breakpointId });
      assert.deepEqual((await inInstance(index, code))?.bound, []);

      await invoke(name, { name: 'Ada', lazy: true }, 'warm');
      assert.equal((await inInstance(later, 2))?.loaded, true);
    });
  }

  test(
    'Python: which function uses a file, and which lines have code',
    { skip: withoutPython },
    async (t) => {
      const { ask } = await open(t, 'breakpointsPython');
      const words = await ask('words.py', 4, 7, 8, 9);
      assert.deepEqual(
        words.users.map((use) => [use.function, use.debugger, use.debugged]),
        [['greet', true, false]],
      );
      const lines = [
        { line: 4, code: true, declares: true },
        { line: 7, code: false, nearest: 9 },
        { line: 8, code: true, declares: true },
        { line: 9, code: true },
      ];
      assert.deepEqual(words.lines, lines);
      assert.deepEqual(words.users[0]?.lines, lines);
      assert.deepEqual((await ask('later.py', 2)).users[0]?.lines, [{ line: 2, code: true }]);
      const orphan = await ask('orphan.py', 2);
      assert.deepEqual([orphan.users, orphan.around.map((one) => one.function)], [[], ['greet']]);
      for (const [file, kind] of [
        ['test_words.py', 'test'],
        ['tests/words.py', 'test'],
        ['.venv/lib/python3.11/site-packages/a.py', 'package'],
      ] as const)
        assert.equal((await ask(file, 1)).place.kind, kind);
    },
  );

  test(
    'Go: the files of its folder, and lines that certainly have no code',
    { skip: withoutGo() },
    async (t) => {
      const { ask } = await open(t, 'breakpointsGo');
      const main = await ask('main.go', 2, 19, 20, 21);
      assert.deepEqual(
        main.users.map((use) => [use.function, use.debugger]),
        [['greet', true]],
      );
      assert.deepEqual(main.lines, [
        { line: 2, code: false, nearest: 19 },
        { line: 19 },
        { line: 20, code: false, nearest: 21 },
        { line: 21 },
      ]);
      const tests = await ask('main_test.go', 7);
      assert.deepEqual([tests.users, tests.place.kind], [[], 'test']);
    },
  );

  test('questions that make no sense are refused', async (t) => {
    const { connection, root } = await open(t);
    const file = join(root, 'typed/index.ts');
    for (const params of [
      null,
      {},
      { file: 'relative.ts', lines: [] },
      { file: `${file}\0`, lines: [] },
      { file, lines: [0] },
      { file, lines: [1.5] },
      { file, lines: '1' },
      { file, lines: Array.from({ length: 201 }, (_, i) => i + 1) },
    ]) {
      await assert.rejects(connection.sendRequest(ExplainBreakpoints, params as never), {
        code: 'REQUEST_INVALID',
      });
    }
  });
});

/** Where a debugger finds the line that answers, in what the instance runs. */
async function generatedPlace(client: CdpClient, name: string, index: string) {
  const wanted = name === 'typed' ? 'return greet' : 'const text';
  for (;;) {
    const { scriptId, url } = (await client.event('Debugger.scriptParsed')) as {
      scriptId: string;
      url: string;
    };
    const own =
      name === 'typed' ? /[\\/]artifacts[\\/]/.test(url) : url.replaceAll('\\', '/').endsWith(index);
    if (!own) continue;
    const { scriptSource } = (await client.send('Debugger.getScriptSource', { scriptId })) as {
      scriptSource: string;
    };
    const lineNumber = scriptSource.split('\n').findIndex((line) => line.includes(wanted));
    return { url, lineNumber };
  }
}
