import { Emitter } from '../support/emitter.ts';
import { signalGroup } from '../support/processTree.ts';

/** Stops a process group between invocations, as the clouds do, and lets it go on. */
export class Freezing {
  readonly #pid: () => number | undefined;
  readonly #changed = new Emitter<boolean>();
  /** It was stopped (true) or goes on (false). */
  readonly onDidChange = this.#changed.event;
  frozen = false;

  /** `pid`: undefined once the process is gone. */
  constructor(pid: () => number | undefined) {
    this.#pid = pid;
  }

  freeze(): void {
    const pid = this.#pid();
    if (this.frozen || pid === undefined || process.platform === 'win32') return;
    this.frozen = true;
    signalGroup(pid, 'SIGSTOP');
    this.#changed.fire(true);
  }

  thaw(): void {
    if (!this.frozen) return;
    this.frozen = false;
    const pid = this.#pid();
    if (pid !== undefined) signalGroup(pid, 'SIGCONT');
    this.#changed.fire(false);
  }
}
