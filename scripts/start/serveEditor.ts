import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cacheFolder } from '../editor/cacheFolder.ts';
import { startEditorServer } from '../editor/editorServer.ts';
import { windowUrl } from '../editor/windowUrl.ts';
import { onAskedToEnd, root, SetupError } from '../setup.mjs';

/** What to serve and how. */
export interface ServeOptions {
  folder: string;
  /** 0 takes a free one. */
  port: number;
  /** Whether to show it in the person's browser, where there is a screen. */
  open: boolean;
}

/** Serves VS Code with the extension of this clone on loopback until Ctrl+C. */
export async function serveEditor(options: ServeOptions): Promise<void> {
  if (options.port !== 0) await requireFreePort(options.port);
  const home = join(cacheFolder(), `start-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`);
  const extensionsDir = join(home, 'extensions');
  const userDataDir = join(home, 'data');
  const server = await startEditorServer({
    userDataDir,
    extensionsDir,
    port: options.port,
    // What the person changed the last time stays.
    ...(existsSync(join(userDataDir, 'User', 'settings.json')) ? {} : { settings: {} }),
    // A reload or a laptop's short sleep keeps its extension host; a closed window is cleaned up soon after.
    reconnectionGrace: 60,
    prepare: () => linkExtension(extensionsDir),
  });
  const url = windowUrl(server.url, options.folder);
  let stopping = false;
  const stop = () => {
    // Ctrl+C comes twice when npm passes it on as well.
    if (stopping) return;
    stopping = true;
    console.log('\nStopping…');
    void server.stop();
  };
  process.on('SIGINT', stop);
  onAskedToEnd(stop);
  console.log(`\n  Porchlight runs in VS Code at  ${url}\n`);
  console.log(
    '  Open it in a browser of this machine. After a change of the code: npm run build, then reload the page.',
  );
  console.log('  Ctrl+C stops it.');
  if (options.open) openInBrowser(url);
  const code = await server.exited;
  if (code) console.error(`The editor's server ended with code ${code}:\n${server.log()}`);
  process.exitCode = code ?? 0;
}

/** Puts the clone among the editor's extensions as a link, so that a build is live after a reload of the page. */
function linkExtension(extensionsDir: string): void {
  // The editor remembers what it found last time; another version, or another place, has to be found anew.
  rmSync(extensionsDir, { recursive: true, force: true });
  mkdirSync(extensionsDir, { recursive: true });
  symlinkSync(root, join(extensionsDir, 'porchlight.porchlight'), 'junction');
}

async function requireFreePort(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new SetupError(
          `Port ${port} cannot be used (${error.code}). Give another one with --port, or none for any free port.`,
        ),
      ),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

function openInBrowser(url: string): void {
  const screen = process.platform !== 'linux' || (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  if (!screen) return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  // The address is printed anyway, so a browser that does not come up is no failure.
  spawn(command!, args, { stdio: 'ignore', detached: true })
    .on('error', () => console.log('  (No browser could be opened from here.)'))
    .unref();
}
