import type { ProcessSettings } from '../model/functionDefinition.ts';
import type { StartKind } from '../model/words.ts';
import type { InstancePhase, InstanceState } from '../protocol/control/state.ts';
import type { Clock } from '../support/clock.ts';
import { Deferred } from '../support/deferred.ts';
import { Emitter } from '../support/emitter.ts';
import type { AttachedDebugger, DebugPort } from './debugPort.ts';
import type { Instance } from './instance.ts';
import { decide, sparesMissing, staysAfterAnswer, type SlotView } from './policy.ts';

/** One instance and its place in the pool. */
export interface Slot {
  readonly instance: Instance;
  phase: SlotView['phase'];
  /** Id of the code it loaded. */
  artifact?: string;
  /** Milliseconds since the epoch. */
  freedAt?: number;
  debugger?: AttachedDebugger;
  /** Why it was started without a debugger although its function is being debugged. */
  declined?: string;
  inspector?: string;
}

/** A reserved instance for one invocation. */
export interface Lease {
  slot: Slot;
  startKind: StartKind;
}

/** Thrown when no instance may be had; `throttled` is answered as the platform answers it. */
export class Refused extends Error {
  readonly reason: 'throttled' | 'noWarmInstance';

  constructor(reason: Refused['reason']) {
    super(reason);
    this.name = 'Refused';
    this.reason = reason;
  }
}

export interface PoolOptions {
  function: string;
  settings: ProcessSettings;
  clock: Clock;
  debug: DebugPort;
  /** Starts a process; the pool owns it. */
  start(): Instance;
  /** Time an instance gets to end by itself (pre-stop hook), in milliseconds; 0: none. */
  graceMs(slot: Slot): number;
}

interface Waiting {
  forced: StartKind | undefined;
  answer: Deferred<Lease>;
}

/** The instances of one function: reserves, starts, frees and replaces them. Decisions are `policy.ts`'s. */
export class FunctionPool {
  readonly #options: PoolOptions;
  #settings: ProcessSettings;
  #slots: Slot[] = [];
  #waiting: Waiting[] = [];
  #idleTimers = new Map<Slot, () => void>();
  #artifact: string | undefined;
  #demandedSpares = 0;
  #disposed = false;
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  get settings(): ProcessSettings {
    return this.#settings;
  }

  get slots(): readonly Slot[] {
    return this.#slots;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Switches live: what no longer fits ends as soon as it is idle. */
  configure(settings: ProcessSettings): void {
    this.#settings = settings;
    this.#retireUnfit();
    this.#serveWaiting();
    this.#keepSpares();
    this.#changed.fire();
  }

  /** Names the code of now; idle instances with other code end, and one spare is started in their place. */
  setArtifact(artifact: string | undefined): void {
    if (artifact === this.#artifact) return;
    this.#artifact = artifact;
    if (this.#retireUnfit() > 0) this.demandSpares(1);
    this.#changed.fire();
  }

  /** Keeps at least this many booted processes without user code, whatever the settings say. */
  demandSpares(count: number): void {
    this.#demandedSpares = count;
    this.#keepSpares();
  }

  /** Reserves an instance, or waits for one; rejects with `Refused`. */
  acquire(forced: StartKind | undefined, signal?: AbortSignal): Promise<Lease> {
    const lease = this.#tryAcquire(forced, this.#waiting.length);
    if (lease) return Promise.resolve(lease);
    const waiting: Waiting = { forced, answer: new Deferred() };
    this.#waiting.push(waiting);
    signal?.addEventListener('abort', () => {
      const index = this.#waiting.indexOf(waiting);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      waiting.answer.reject(signal.reason);
    });
    this.#changed.fire();
    return waiting.answer.promise;
  }

  /** Gives an instance back after its answer. A broken one is ended. */
  release(slot: Slot, reason: string, reusable: boolean): void {
    if (slot.phase === 'stopping') return;
    const stays = staysAfterAnswer({ current: this.#isCurrent(slot) }, this.#settings);
    if (reusable && stays && !slot.instance.gone) {
      // The last used is the last in the list: it is the one to be used again.
      this.#slots = [...this.#slots.filter((other) => other !== slot), slot];
      slot.phase = 'idle';
    } else {
      this.end(slot, reason);
    }
    this.#serveWaiting();
    // Whoever waited may have it already; then it need not be frozen in between.
    if (phaseOf(slot) === 'idle') this.#startIdleTimer(slot);
    this.#changed.fire();
  }

  /** Marks progress of a reserved instance for the views. */
  mark(slot: Slot, phase: Slot['phase']): void {
    if (slot.phase === 'stopping') return;
    slot.phase = phase;
    this.#changed.fire();
  }

  /** Ends an instance: idle and booted ones orderly, busy ones at once. */
  end(slot: Slot, reason: string): void {
    if (slot.phase === 'stopping') return;
    const orderly = slot.artifact !== undefined && slot.phase !== 'loading';
    slot.phase = 'stopping';
    this.#stopIdleTimer(slot);
    slot.debugger?.dispose();
    void slot.instance.stop(reason, orderly ? this.#options.graceMs(slot) : 0, this.#options.clock);
    this.#changed.fire();
  }

  /** Starts a spare and resolves when it is ready to take code. */
  async prepareSpare(): Promise<void> {
    const spare = this.#slots.find((slot) => slot.phase === 'prewarmed');
    if (!spare) await this.#startSpare();
  }

  /** State of every instance for the views. */
  states(): InstanceState[] {
    return this.#slots.map((slot) => ({
      id: slot.instance.id,
      function: slot.instance.function,
      sequence: slot.instance.sequence,
      pid: slot.instance.pid,
      phase: shownPhase(slot),
      startedAt: slot.instance.startedAt,
      calls: slot.instance.calls,
      debugged: slot.debugger !== undefined,
      ...(slot.freedAt === undefined ? {} : { freedAt: slot.freedAt }),
      ...(slot.artifact === undefined ? {} : { artifact: slot.artifact }),
      ...(slot.inspector === undefined ? {} : { inspector: slot.inspector }),
    }));
  }

  /** Ends every instance and refuses whoever waits. Resolves when all are gone. */
  async dispose(reason: string, graceful: boolean): Promise<void> {
    this.#disposed = true;
    for (const { answer } of this.#waiting.splice(0)) answer.reject(new Refused('throttled'));
    const slots = [...this.#slots];
    for (const slot of slots) {
      if (graceful && slot.phase !== 'busy') this.end(slot, reason);
      else slot.instance.kill(reason);
    }
    await Promise.all(slots.map((slot) => slot.instance.exited));
  }

  /** `ahead`: how many wait already. */
  #tryAcquire(forced: StartKind | undefined, ahead: number): Lease | undefined {
    if (this.#disposed) throw new Refused('throttled');
    const views = this.#slots.map((slot) => ({ phase: slot.phase, current: this.#isCurrent(slot) }));
    const decision = decide(
      views,
      this.#settings,
      ahead,
      forced,
      this.#options.debug.isDebugging(this.#options.function),
    );
    switch (decision.action) {
      case 'wait':
        return undefined;
      case 'refuse':
        throw new Refused(decision.reason);
      case 'cold': {
        if (decision.evict !== undefined)
          this.end(this.#slots[decision.evict]!, 'made room for a cold start');
        const slot = this.#adopt(this.#options.start(), 'loading');
        return { slot, startKind: 'cold' };
      }
      case 'warm': {
        const slot = this.#slots[decision.slot]!;
        this.#stopIdleTimer(slot);
        slot.phase = 'busy';
        return { slot, startKind: 'warm' };
      }
      case 'prewarmed': {
        const slot = this.#slots[decision.slot]!;
        slot.phase = 'loading';
        this.#demandedSpares = this.#options.debug.isDebugging(this.#options.function) ? 1 : 0;
        return { slot, startKind: 'prewarmed' };
      }
    }
  }

  #adopt(instance: Instance, phase: Slot['phase']): Slot {
    const slot: Slot = { instance, phase };
    this.#slots.push(slot);
    void instance.exited.then(() => {
      this.#stopIdleTimer(slot);
      slot.phase = 'stopping';
      slot.debugger?.dispose();
      this.#slots = this.#slots.filter((other) => other !== slot);
      this.#serveWaiting();
      this.#changed.fire();
    });
    this.#changed.fire();
    return slot;
  }

  async #startSpare(): Promise<void> {
    const slot = this.#adopt(this.#options.start(), 'starting');
    try {
      await slot.instance.booted;
      await this.attachDebugger(slot);
      if (slot.phase === 'starting') slot.phase = 'prewarmed';
      this.#serveWaiting();
    } catch {
      // It ended before it was of use; the pool has already dropped it, and the next cold start says why.
    }
    this.#changed.fire();
  }

  /** Lets the debugger in before code loads, when the function is being debugged. */
  async attachDebugger(slot: Slot): Promise<void> {
    const { debug } = this.#options;
    if (slot.debugger || !debug.isDebugging(this.#options.function)) return;
    const { instance } = slot;
    const inspectorUrl = await instance.inspect();
    const attached = await debug.attach({
      id: instance.id,
      function: instance.function,
      sequence: instance.sequence,
      pid: instance.pid,
      inspectorUrl,
      gone: instance.exited,
    });
    if ('declined' in attached) {
      slot.declined = attached.declined;
      instance.closeInspector();
      return;
    }
    slot.debugger = attached;
    slot.inspector = inspectorUrl;
    attached.onDidPause(() => this.#changed.fire());
    attached.onDidResume(() => this.#changed.fire());
    attached.onDidDetach(() => {
      if (slot.debugger !== attached) return;
      delete slot.debugger;
      delete slot.inspector;
      instance.closeInspector();
      this.#changed.fire();
    });
    this.#changed.fire();
  }

  /** Debugging of the function began or ended. `spare`: have an attached one ready before the first call. */
  debuggingChanged(spare: boolean): void {
    const debugging = this.#options.debug.isDebugging(this.#options.function);
    for (const slot of this.#slots) {
      if (!debugging) delete slot.declined;
      // A spare that nobody attached to would run past module-level breakpoints.
      if (debugging && (slot.phase === 'prewarmed' || slot.phase === 'starting') && !slot.debugger) {
        this.end(slot, 'replaced by an instance with a debugger');
      } else if (debugging && slot.phase === 'idle') {
        void this.#attachWarm(slot);
      }
    }
    const used = this.#slots.some((slot) => slot.artifact !== undefined);
    this.demandSpares(debugging && (spare || used) ? 1 : 0);
  }

  /** A warm instance is debugged too: breakpoints bind in code it has already loaded. */
  async #attachWarm(slot: Slot): Promise<void> {
    this.#stopIdleTimer(slot);
    slot.phase = 'busy';
    try {
      slot.instance.thaw();
      await this.attachDebugger(slot);
    } catch {
      // It ended meanwhile; its exit is reported where all exits are.
    }
    this.release(slot, 'idle', true);
  }

  #keepSpares(): void {
    if (this.#disposed) return;
    const views = this.#slots.map((slot) => ({ phase: slot.phase, current: true }));
    const missing = sparesMissing(views, this.#settings, this.#demandedSpares);
    for (let count = 0; count < missing; count++) void this.#startSpare();
    const wanted = Math.max(this.#settings.prewarm, this.#demandedSpares);
    const spares = this.#slots.filter((slot) => slot.phase === 'prewarmed' || slot.phase === 'starting');
    for (const extra of spares.slice(wanted)) this.end(extra, 'not needed any more');
  }

  /** Starts the spares that settings or debugging ask for, once the function is in use. */
  refill(): void {
    if (this.#options.debug.isDebugging(this.#options.function)) this.#demandedSpares = 1;
    this.#keepSpares();
  }

  #serveWaiting(): void {
    while (this.#waiting.length > 0 && !this.#disposed) {
      const next = this.#waiting[0]!;
      let lease: Lease | undefined;
      try {
        // The others in the queue do not count against the one whose turn it is.
        lease = this.#tryAcquire(next.forced, 0);
      } catch (error) {
        this.#waiting.shift();
        next.answer.reject(error);
        continue;
      }
      if (!lease) return;
      this.#waiting.shift();
      next.answer.resolve(lease);
    }
  }

  #isCurrent(slot: Slot): boolean {
    return slot.artifact === this.#artifact;
  }

  /** Ends idle instances that may not serve again; says how many. */
  #retireUnfit(): number {
    const unfit = this.#slots.filter(
      (slot) =>
        slot.phase === 'idle' && !staysAfterAnswer({ current: this.#isCurrent(slot) }, this.#settings),
    );
    for (const slot of unfit) {
      this.end(slot, this.#settings.model === 'ephemeral' ? 'process model switched' : 'code changed');
    }
    for (const slot of this.#slots) if (slot.phase === 'idle') this.#startIdleTimer(slot);
    return unfit.length;
  }

  #startIdleTimer(slot: Slot): void {
    this.#stopIdleTimer(slot);
    const { clock, debug } = this.#options;
    if (this.#settings.freeze && !slot.debugger && !debug.isDebugging(this.#options.function))
      slot.instance.freeze();
    slot.freedAt = clock.epochMs() + this.#settings.idleTimeoutMs;
    this.#idleTimers.set(
      slot,
      clock.after(this.#settings.idleTimeoutMs, () => this.end(slot, 'idle time-out')),
    );
  }

  #stopIdleTimer(slot: Slot): void {
    this.#idleTimers.get(slot)?.();
    this.#idleTimers.delete(slot);
    delete slot.freedAt;
  }
}

/** Read anew: what is called in between changes it. */
function phaseOf(slot: Slot): Slot['phase'] {
  return slot.phase;
}

function shownPhase(slot: Slot): InstancePhase {
  if (slot.debugger?.paused) return 'paused';
  if (slot.phase === 'idle' && slot.instance.frozen) return 'frozen';
  return slot.phase;
}
