// @workspace test/fixtures/debugging
// @alone
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';

const found = /^greet#(\d+): debugger at ws:\/\/127\.0\.0\.1:(\d+)(\/\S+)$/m;

/** Reads what the host prints until it has said something. */
function saying(child: ChildProcess, text: RegExp): Promise<RegExpExecArray> {
  let printed = '';
  return new Promise((resolve) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const match = text.exec(printed);
      if (match) resolve(match);
    });
  });
}

suite('Attaching to a host that was started in a terminal', () => {
  let root: string;
  let child: ChildProcess;
  let gateway: string;
  let address: RegExpExecArray;

  setup(async () => {
    const workspace = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    root = realpathSync(mkdtempSync(join(tmpdir(), 'pl-terminal-')));
    cpSync(workspace, root, { recursive: true, filter: (path) => !path.includes('.porchlight') });
    const only =
      'functions:\n  greet: { handler: src/greet.handler, platform: aws-lambda, env: { GREETING: Hello } }\n';
    writeFileSync(join(root, 'porchlight.yaml'), only);
    const { extensionPath } = vscode.extensions.getExtension('porchlight.porchlight')!;
    child = spawn(
      process.execPath,
      [join(extensionPath, 'dist/porchlight.cjs'), 'start', root, '--inspect'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      },
    );
    const url = saying(child, / at (http:\/\/127\.0\.0\.1:\d+)$/m);
    const spare = saying(child, found);
    gateway = (await url)[1]!;
    address = await spare;
  });
  teardown(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await vscode.debug.stopDebugging();
    child.kill('SIGINT');
    await once(child, 'exit');
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });

  for (const by of ['websocketAddress', 'port'] as const)
    test(`by pwa-node and its ${by}: stops on the first line of a cold instance and in its handler`, async () => {
      const path = vscode.Uri.file(join(root, 'src/greet.ts'));
      vscode.debug.addBreakpoints(
        [0, 9].map(
          (line) => new vscode.SourceBreakpoint(new vscode.Location(path, new vscode.Position(line, 0))),
        ),
      );
      const stops: string[] = [];
      const bound = new vscode.EventEmitter<void>();
      const tracker = vscode.debug.registerDebugAdapterTrackerFactory('pwa-node', {
        createDebugAdapterTracker: (session) => ({
          onDidSendMessage(message: { event?: string; command?: string; body?: { threadId?: number } }) {
            if (message.command === 'configurationDone') bound.fire();
            const threadId = message.event === 'stopped' ? message.body?.threadId : undefined;
            if (threadId === undefined) return;
            void session.customRequest('stackTrace', { threadId, levels: 1 }).then((answer) => {
              const [top] = (answer as { stackFrames: { line: number; source?: { name?: string } }[] })
                .stackFrames;
              stops.push(`${top?.source?.name?.split(/[\\/]/).at(-1)}:${top?.line}`);
              return session.customRequest('continue', { threadId });
            });
          },
        }),
      });
      const [, , port, tail] = address;
      const inner = new Promise<void>((resolve) => {
        let count = 0;
        bound.event(() => {
          // Its outer session, and the one with the process.
          if (++count === 2) resolve();
        });
      });
      const started = await vscode.debug.startDebugging(undefined, {
        type: 'pwa-node',
        request: 'attach',
        name: 'greet',
        ...(by === 'port'
          ? { address: '127.0.0.1', port: Number(port) }
          : { websocketAddress: `ws://127.0.0.1:${port}${tail}` }),
        pauseForSourceMap: true,
        outFiles: [],
        resolveSourceMapLocations: null,
        autoAttachChildProcesses: false,
        internalConsoleOptions: 'neverOpen',
      });
      assert.ok(started);
      await inner;
      const answer = await fetch(`${gateway}/_porchlight/invoke/greet`, {
        method: 'POST',
        body: '{"name":"Ada"}',
      });
      assert.equal(((await answer.json()) as { text: string }).text, 'Hello, Ada');
      assert.deepEqual(stops, ['greet.ts:1', 'greet.ts:10']);
      tracker.dispose();
      bound.dispose();
    });
});
