import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../freePort.ts';

/** Who may push to a registry that wants to know: the password's hash is in bcrypt, as the registry reads it. */
export const registryUser = { username: 'developer', password: 'planted-registry-password' };
const passwordHash = '$2b$04$.AWXq0iu1.dsFIJW10VNy.zPEe.H96GqaU/UNeSovqnQ26JHiry6m';

export interface DockerRegistry {
  /** `127.0.0.1:port` */
  host: string;
  url: string;
  stop(): void;
}

/** Why what these tests need of the system is not there; undefined when it is. */
export function registryIsMissing(): string | false {
  const missing = [
    ['docker-registry', '--version'],
    ['skopeo', '--version'],
    ['bwrap', '--version'],
    ['tar', '--version'],
  ].filter(([program = '', ...args]) => spawnSync(program, args).status !== 0);
  if (missing.length === 0) return false;
  const names = missing.map(([program]) => program).join(', ');
  return `${names} not installed (Debian: docker-registry, skopeo, bubblewrap).`;
}

/** Starts Debian's registry on a free port of loopback, with storage of its own. */
export async function startRegistry({ withUsers = false } = {}): Promise<DockerRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-registry-'));
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const users = join(folder, 'htpasswd');
  writeFileSync(users, `${registryUser.username}:${passwordHash}\n`);
  const auth = withUsers ? { htpasswd: { realm: 'registry', path: users } } : undefined;
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    // JSON is YAML.
    JSON.stringify({
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, 'storage') }, delete: { enabled: true } },
      http: { addr: host },
      ...(auth && { auth }),
    }),
  );
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  let ended: number | null | undefined;
  child.once('exit', (code) => (ended = code));
  const url = `http://${host}`;
  for (;;) {
    if (ended !== undefined) throw new Error(`docker-registry ended with ${ended}.`);
    try {
      if ((await fetch(`${url}/v2/`)).status < 500) break;
    } catch {
      // It is still starting; how it ends would be seen above.
    }
    await wait(50);
  }
  const stop = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  return { host, url, stop };
}
