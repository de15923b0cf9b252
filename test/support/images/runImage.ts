import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../freePort.ts';
import { skopeo } from './skopeo.ts';

export interface ImageSettings {
  User?: string;
  Env: string[];
  Entrypoint: string[];
  Cmd?: string[];
  WorkingDir: string;
  Labels: Record<string, string>;
  ExposedPorts: Record<string, object>;
}

/** An image as `skopeo` brought it: its file system below `root`, and what its configuration says. */
export interface PulledImage {
  root: string;
  settings: ImageSettings;
}

/** Pulls an image with `skopeo`, which checks every digest, and unpacks its layers with `tar`. */
export async function pullImage(reference: string, folder: string): Promise<PulledImage> {
  const layout = join(folder, 'layout');
  await skopeo(['copy', '--src-tls-verify=false', `docker://${reference}`, `oci:${layout}:image`]);
  const read = (digest: string) =>
    JSON.parse(readFileSync(join(layout, 'blobs', digest.replace(':', '/')), 'utf8')) as never;
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
    manifests: { digest: string }[];
  };
  const manifest: { config: { digest: string }; layers: { digest: string }[] } = read(manifests[0]!.digest);
  const { config }: { config: ImageSettings } = read(manifest.config.digest);
  const root = join(folder, 'root');
  mkdirSync(root);
  for (const { digest } of manifest.layers) {
    const file = join(layout, 'blobs', digest.replace(':', '/'));
    execFileSync('tar', ['-C', root, '-xzf', file, '--no-same-owner']);
  }
  return { root, settings: config };
}

export interface RunningImage {
  url: string;
  /** All it has written. */
  output(): string;
  /** Asks it to end, as clusters do. */
  terminate(): void;
  kill(): void;
  /** How it ended: code or signal. */
  ended: Promise<number | string | null>;
}

/** Runs an image's file system in a sandbox, as its configuration says; it is reached on loopback alone. */
export async function runImage(
  { root, settings }: PulledImage,
  environment: Record<string, string> = {},
): Promise<RunningImage> {
  const port = await freePort();
  const variables = {
    ...Object.fromEntries(
      settings.Env.map((entry) => [entry.split('=', 1)[0]!, entry.replace(/^[^=]*=/, '')]),
    ),
    PORT: String(port),
    PORCHLIGHT_LISTEN: '127.0.0.1',
    ...environment,
  };
  const user = settings.User?.split(':') ?? [];
  const child = spawn(
    'bwrap',
    [
      ...[
        '--ro-bind',
        root,
        '/',
        '--proc',
        '/proc',
        '--dev',
        '/dev',
        '--tmpfs',
        '/tmp',
        '--chdir',
        settings.WorkingDir,
      ],
      ...['--unshare-user', '--die-with-parent', '--clearenv'],
      ...['--uid', user[0] ?? '1000', '--gid', user[1] ?? user[0] ?? '1000'],
      ...Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value]),
      ...['--', ...settings.Entrypoint, ...(settings.Cmd ?? [])],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  );
  let over = false;
  void ended.then(() => (over = true));
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (over) throw new Error(`The container ended:\n${output}`);
    try {
      await fetch(url, { method: 'HEAD' });
      break;
    } catch {
      // It is still starting; how it ends would be seen above.
    }
    await wait(50);
  }
  const terminate = () => process.kill(innermost(child.pid!), 'SIGTERM');
  return { url, output: () => output, terminate, kill: () => void child.kill('SIGKILL'), ended };
}

/** The sandbox watches over the process that it started. */
function innermost(pid: number): number {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return child === undefined ? pid : innermost(Number(child));
}
