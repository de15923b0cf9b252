import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Disposable } from '../support/disposable.ts';
import { signalGroup } from '../support/processTree.ts';
import { markVariable } from './environment.ts';
import { tempRoot } from './tempFolders.ts';

/*
 * An instance that is busy or frozen cannot notice that its host was killed. A small shell in a session of its own can:
 * its input is a pipe whose other end only the host holds. At the end of that input it kills every group it was told
 * of, then every process that carries the host's mark (children that left their group), and removes their temporary
 * folders. Where there is no POSIX shell
 * (Windows), instances still end when their channel closes, and the next host cleans up.
 */

const script = `
pids=' '
while read -r line; do pid=\${line#?}
  case $line in +*) pids="$pids$pid " ;; -*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac
done
for pid in $pids; do kill -s KILL -- "-$pid" 2>/dev/null || kill -s KILL "$pid" 2>/dev/null; done
for file in /proc/[0-9]*/environ; do pid=\${file#/proc/}; pid=\${pid%/environ}
  [ "$pid" = $$ ] || { grep -qs "${markVariable}=$MARK" "$file" && kill -s KILL "$pid"; }
done
[ -z "$TEMP_ROOT" ] || rm -rf -- "$TEMP_ROOT"
exit 0
`;

/** Outlives its host just long enough to end every instance. */
export interface Reaper extends Disposable {
  watch(pid: number): void;
  forget(pid: number): void;
}

/** Starts the reaper of a host; `mark` is the value of the mark variable of all its instances. It removes their folders. */
export function startReaper(mark: string, platform: NodeJS.Platform = process.platform): Reaper {
  if (platform === 'win32') return { watch: () => {}, forget: () => {}, dispose: () => {} };
  // Detached: a signal to the host's group must not reach it.
  const shell = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', MARK: mark, TEMP_ROOT: tempRoot(mark) },
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  (shell.stdin as unknown as { unref?(): void }).unref?.();
  return {
    watch: (pid) => shell.stdin.write(`+${pid}\n`),
    forget: (pid) => shell.stdin.write(`-${pid}\n`),
    dispose: () => shell.stdin.end(),
  };
}

/** Ends processes that carry a mark of a host that is gone. Linux only; elsewhere there is nothing to read. */
export function killMarked(mark: string): number {
  let killed = 0;
  let entries: string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    // No /proc on this system.
    return 0;
  }
  for (const entry of entries) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    let environment: string;
    try {
      environment = readFileSync(`/proc/${entry}/environ`, 'latin1');
    } catch {
      // Another user's process, or one that ended meanwhile.
      continue;
    }
    if (!environment.split('\0').includes(`${markVariable}=${mark}`)) continue;
    signalGroup(Number(entry), 'SIGKILL');
    try {
      process.kill(Number(entry), 'SIGKILL');
    } catch {
      // The group's signal was enough.
    }
    killed++;
  }
  return killed;
}
