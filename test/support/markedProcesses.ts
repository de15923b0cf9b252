import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHostFile } from '../../runtime/host/hostFile.ts';
import { markVariable } from '../../runtime/instances/environment.ts';
import { tempRoot } from '../../runtime/instances/tempFolders.ts';
import { isAlive } from '../../runtime/support/processTree.ts';

/** The processes of one host: itself and everything that carries its mark, which only /proc tells. */
export class HostProcesses {
  readonly pid: number | undefined;
  #mark: string;

  private constructor(pid: number | undefined, mark: string) {
    this.pid = pid;
    this.#mark = mark;
  }

  /** Of the host that runs for a folder. */
  static async of(root: string): Promise<HostProcesses> {
    const file = await readHostFile(root);
    assert.ok(file, `no host runs for ${root}`);
    return new HostProcesses(file.pid, file.mark);
  }

  /** Of a host in this process: those that carry its mark. */
  static marked(mark: string): HostProcesses {
    return new HostProcesses(undefined, mark);
  }

  /** Process ids that are there now. */
  alive(): number[] {
    const own = this.pid !== undefined && isAlive(this.pid) ? [this.pid] : [];
    if (!existsSync('/proc')) return own;
    const marked = readdirSync('/proc').filter((entry) => {
      if (!/^\d+$/.test(entry)) return false;
      try {
        // A zombie has no environment any more.
        return readFileSync(join('/proc', entry, 'environ'), 'latin1').includes(
          `${markVariable}=${this.#mark}`,
        );
      } catch {
        // Gone meanwhile, or another user's.
        return false;
      }
    });
    return [...new Set([...own, ...marked.map(Number)])];
  }

  /** Where its instances have their temporary folders. */
  get temporary(): string {
    return tempRoot(this.#mark, this.pid);
  }

  /** Waits until none is left, and nothing of their temporary files. Nothing tells of the end of processes that are not ours, so it looks again and again. */
  async gone(withinMs: number): Promise<void> {
    const giveUpAt = Date.now() + withinMs;
    while (this.alive().length > 0) {
      assert.ok(Date.now() < giveUpAt, `still there: ${this.alive().join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    while (existsSync(this.temporary)) {
      assert.ok(Date.now() < giveUpAt, `still there: ${this.temporary}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
