import type { AttachedDebugger } from '../../runtime/instances/debugPort.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import { Emitter } from '../../runtime/support/emitter.ts';

/** A debugger at an instance, stopped and continued by the test. */
export class FakeDebugger implements AttachedDebugger {
  readonly #clock: Pick<Clock, 'nowUs'>;
  #sinceUs: number | undefined;
  #sumUs = 0;
  readonly #paused = new Emitter<unknown>();
  readonly #resumed = new Emitter<unknown>();
  readonly #detached = new Emitter<unknown>();
  readonly onDidPause = this.#paused.event;
  readonly onDidResume = this.#resumed.event;
  readonly onDidDetach = this.#detached.event;

  constructor(clock: Pick<Clock, 'nowUs'>) {
    this.#clock = clock;
  }

  get paused(): boolean {
    return this.#sinceUs !== undefined;
  }

  pausedUs(): number {
    return this.#sumUs + (this.#sinceUs === undefined ? 0 : this.#clock.nowUs() - this.#sinceUs);
  }

  pause(): void {
    this.#sinceUs = this.#clock.nowUs();
    this.#paused.fire(undefined);
  }

  resume(): void {
    this.#sumUs = this.pausedUs();
    this.#sinceUs = undefined;
    this.#resumed.fire(undefined);
  }

  detach(): void {
    this.#detached.fire(undefined);
  }

  dispose(): void {}
}
