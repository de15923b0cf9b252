import { spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const password = 'of-the-test';

/** Folder of PostgreSQL's programs; undefined where it is not installed, or has no sockets in folders. */
export function postgresPrograms(): string | undefined {
  if (process.platform === 'win32') return undefined;
  const versions = '/usr/lib/postgresql';
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...(existsSync(versions)
      ? readdirSync(versions)
          .sort((a, b) => Number(b) - Number(a))
          .map((version) => join(versions, version, 'bin'))
      : []),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')));
}

/** A private server, reached by a socket in its own folder. */
export interface PostgresServer {
  /** As `DATABASE_URL` takes it. */
  url: string;
  stop(): void;
}

/** Starts a server with a fresh database in a temporary folder; it listens on no port. */
export function startPostgres(programs: string): PostgresServer {
  // A socket's path must be short.
  const folder = mkdtempSync('/tmp/porchlight-pg-');
  const data = join(folder, 'data');
  const file = join(folder, 'password');
  writeFileSync(file, password);
  const user = ordinaryUser();
  if (user) for (const path of [folder, file]) chownSync(path, user.uid, user.gid);
  const run = (program: string, args: string[]): void => {
    const options: SpawnSyncOptions = { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...user };
    const { status, stderr, error } = spawnSync(join(programs, program), args, options);
    if (status !== 0) throw error ?? new Error(`${program} ended with ${status}: ${stderr?.toString()}`);
  };
  const stop = (): void => {
    if (existsSync(join(data, 'postmaster.pid')))
      run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    run('initdb', [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      '--pwfile',
      file,
      '-N',
      '-E',
      'UTF8',
    ]);
    const settings = `-c listen_addresses= -c unix_socket_directories=${folder} -c fsync=off`;
    run('pg_ctl', ['-D', data, '-o', settings, '-l', join(folder, 'log'), '-w', 'start']);
  } catch (error) {
    stop();
    throw error;
  }
  return { url: `postgres://postgres:${password}@${encodeURIComponent(folder)}/postgres`, stop };
}

/** PostgreSQL refuses to run as root: then it is the user of its package, or nobody. */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (option: string, name: string): number | undefined => {
    const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  };
  const name = idOf('-u', 'postgres') === undefined ? 'nobody' : 'postgres';
  return { uid: idOf('-u', name)!, gid: idOf('-g', name)! };
}
