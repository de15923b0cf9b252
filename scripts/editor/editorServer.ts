import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupOptions } from '../../runtime/support/processTree.ts';
import { plainEnvironment, toolNode } from '../setup.mjs';
import { stopGroup } from '../support/processes.ts';
import { quietSettings } from './editorSettings.ts';
import { installServedEditor } from './servedEditor.ts';

/** How to start the browser-served VS Code. */
export interface EditorServerOptions {
  userDataDir: string;
  extensionsDir: string;
  /** 0, the default, takes a free port. */
  port?: number;
  /** Put on top of the quiet settings; undefined leaves an existing settings file as it is. */
  settings?: Record<string, unknown>;
  /** Put on top of the person's own environment, without what npm adds. */
  env?: Record<string, string>;
  /** Options of the server itself, such as `enable-smoke-test-driver`. */
  vscodeOptions?: string[];
  /** Further options of code-server, such as `--locale=zh-cn`. */
  serverArguments?: string[];
  /** Called when the folders exist and nothing runs yet. */
  prepare?: () => void;
  /** Seconds that the extension host outlives a closed browser window; 10 by default. */
  reconnectionGrace?: number;
  /** Keeps the editor from asking a marketplace for anything, as tests want it. */
  offline?: boolean;
}

/** A running browser-served VS Code; it ends by `stop`, or when this process ends by itself. */
export interface EditorServer {
  /** Such as `http://127.0.0.1:41234`. */
  url: string;
  pid: number;
  /** All it printed so far. */
  log(): string;
  /** Resolves with the exit code (null after a signal). */
  exited: Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts a server and waits until it answers; rejects with its output when it ends before. */
export async function startEditorServer(options: EditorServerOptions): Promise<EditorServer> {
  const entry = installServedEditor();
  mkdirSync(options.extensionsDir, { recursive: true });
  mkdirSync(join(options.userDataDir, 'User'), { recursive: true });
  if (options.settings) {
    const settings = JSON.stringify({ ...quietSettings, ...options.settings }, null, 2);
    writeFileSync(join(options.userDataDir, 'User', 'settings.json'), settings);
  }
  options.prepare?.();
  const child = spawn(toolNode, [entry, ...serverArguments(options)], {
    ...groupOptions(),
    env: { ...plainEnvironment(), ...(options.offline ? { EXTENSIONS_GALLERY: '{}' } : {}), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const killOnExit = () => child.kill('SIGTERM');
  process.once('exit', killOnExit);
  void exited.then(() => process.removeListener('exit', killOnExit));
  const url = await listeningUrl(child, output, exited);
  return { url, pid: child.pid!, log: () => output.join(''), exited, stop: () => stopGroup(child) };
}

/** Installs a VSIX file into an extensions folder, as a user's `code --install-extension` does. */
export function installVsix(vsix: string, folders: { userDataDir: string; extensionsDir: string }): void {
  mkdirSync(folders.extensionsDir, { recursive: true });
  mkdirSync(folders.userDataDir, { recursive: true });
  const args = [installServedEditor(), ...folderArguments(folders), '--install-extension', vsix];
  const run = spawnSync(toolNode, args, { env: plainEnvironment(), encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`The editor did not install ${vsix}:\n${run.stdout}${run.stderr}`);
}

function serverArguments(options: EditorServerOptions): string[] {
  return [
    ...folderArguments(options),
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${options.port ?? 0}`],
    ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
    ...['--disable-getting-started-override', '--ignore-last-opened', '--app-name', 'VS Code'],
    ...['--reconnection-grace-time', String(options.reconnectionGrace ?? 10)],
    ...(options.vscodeOptions ?? []).flatMap((option) => ['--vscode-option', option]),
    ...(options.serverArguments ?? []),
  ];
}

function folderArguments(folders: { userDataDir: string; extensionsDir: string }): string[] {
  const config = join(folders.userDataDir, 'code-server.yaml');
  // Without a file of our own it would read, or create, the one in the person's home.
  mkdirSync(folders.userDataDir, { recursive: true });
  writeFileSync(config, '');
  return [
    '--config',
    config,
    '--user-data-dir',
    folders.userDataDir,
    '--extensions-dir',
    folders.extensionsDir,
  ];
}

function listeningUrl(
  child: ChildProcess,
  output: string[],
  exited: Promise<number | null>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const read = (data: Buffer) => {
      output.push(data.toString('utf8'));
      const found = /HTTP server listening on (http:\/\/[\d.:]+)/.exec(output.slice(-3).join(''));
      if (found?.[1]) resolve(found[1]);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('error', reject);
    void exited.then((code) =>
      reject(
        new Error(`The editor's server ended with code ${code} before it listened:\n${output.join('')}`),
      ),
    );
  });
}
