import type { ProcessSettings } from '../model/functionDefinition.ts';
import type { StartKind } from '../model/words.ts';
import type { InstanceState } from '../protocol/control/state.ts';
import { Emitter } from '../support/emitter.ts';
import { attachTo, idleUndebugged, letGoOn } from './attachTo.ts';
import { HandingAhead } from './handingAhead.ts';
import { IdleInstances } from './idleInstances.ts';
import type { Instance } from './instance.ts';
import type { Cancellable, PoolOptions } from './poolOptions.ts';
import * as policy from './policy.ts';
import { freedAt, type Lease, newSlot, phaseOf, Refused, type Slot, stateOf } from './slot.ts';
import { WaitingCalls } from './waitingCalls.ts';

/** A spare takes tens of milliseconds to boot: it is not missed for being started so much later. */
const refillAfterMs = 10;

/** The instances of one function: reserves, starts, frees and replaces them. Decisions are `policy.ts`'s. */
export class FunctionPool {
  readonly #options: PoolOptions;
  #settings: ProcessSettings;
  readonly #slots: Slot[] = [];
  readonly #waiting = new WaitingCalls();
  readonly #idle: IdleInstances<Slot>;
  readonly #ahead: HandingAhead;
  #artifact: string | undefined;
  #demandedSpares = 0;
  /** Its code was changed while it was in use: a spare is kept for the next edit, until the function comes to rest. */
  #edited = false;
  /** Provisioned instances are kept: not for hosts that live for one call. */
  #provisioning = false;
  #disposed = false;
  #cancelRefill: (() => void) | undefined;
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #adopted = new Emitter<Instance>();
  /** An instance was started. */
  readonly onDidAdopt = this.#adopted.event;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#ahead = new HandingAhead(options.clock, options.handsAhead);
    this.#idle = new IdleInstances<Slot>({
      clock: options.clock,
      idleTimeoutMs: () => this.#settings.idleTimeoutMs,
      freeze: (slot) => this.#freeze(slot),
      free: (slot) => {
        // One that is stopped in a timer of its own is being looked at.
        if (slot.debugger?.paused || !policy.mayBeFreed(this.#slots, this.#settings)) return false;
        this.end(slot, 'idle time-out');
        this.#comeToRest();
        return true;
      },
    });
  }

  get settings(): ProcessSettings {
    return this.#settings;
  }

  get slots(): readonly Slot[] {
    return this.#slots;
  }

  get waiting(): number {
    return this.#waiting.count;
  }

  /** Its function is being debugged. */
  get debugged(): boolean {
    return this.#options.debug.isDebugging(this.#options.function);
  }

  /** Switches live: what no longer fits ends as soon as it is idle. */
  configure(settings: ProcessSettings): void {
    this.#settings = settings;
    this.#retireUnfit();
    this.#idle.reschedule();
    this.#serveWaiting();
    this.#keepSpares();
    this.#changed.fire();
  }

  /** Names the code of now; idle instances with other code end, and one spare is started in their place. */
  setArtifact(artifact: string | undefined): void {
    if (artifact === this.#artifact) return;
    this.#artifact = artifact;
    for (const slot of this.#slots) slot.current = slot.artifact === artifact;
    const ended = this.#options.sparesHoldCode ? this.#endSpares('code changed') : 0;
    if (this.#retireUnfit() > 0) {
      this.#edited = true;
      const debugging = this.#options.debug.isDebugging(this.#options.function);
      if (!debugging || !this.#options.sparesHoldCode) this.demandSpares(1);
    } else if (ended > 0) this.#keepSpares();
    else this.#keepProvisioned();
    this.#changed.fire();
  }

  /** An instance has loaded its code and can serve. */
  setLoaded(slot: Slot, artifact: string): void {
    slot.artifact = artifact;
    slot.current = artifact === this.#artifact;
    this.mark(slot, 'busy');
    // One that takes several has room now for those that came while it loaded.
    if (this.#settings.concurrency > 1) this.#serveWaiting();
  }

  /** Keeps at least this many booted processes without user code, whatever the settings say. */
  demandSpares(count: number): void {
    this.#demandedSpares = count;
    this.#keepSpares();
  }

  /** From now on `minInstances` are kept loaded. */
  startProvisioning(): void {
    this.#provisioning = true;
    this.#keepSpares();
  }

  /** Reserves an instance if one may be had at once; throws `Refused`. */
  take(forced: StartKind | undefined): Lease | undefined {
    const waiting = this.#waiting.count;
    return (
      this.#handAhead(forced, 'freely') ??
      this.#tryAcquire(forced, waiting) ??
      (waiting === 0 ? this.#handAhead(forced, 'most') : undefined)
    );
  }

  /** Reserves an instance, or waits for one; rejects with `Refused`. */
  acquire(forced: StartKind | undefined, waiter?: Cancellable): Promise<Lease> {
    const lease = this.take(forced);
    if (lease) return Promise.resolve(lease);
    const waiting = this.#waiting.add(forced, waiter);
    this.#changed.fire();
    return waiting;
  }

  /**
   * Gives an instance back after an answer. A broken one is ended. `leftOpen`: it has work that would go on; it is
   * frozen at once, so that this resumes inside a later invocation, as in the cloud.
   */
  release(slot: Slot, reason: string, reusable: boolean, leftOpen = false): void {
    slot.inFlight = Math.max(0, slot.inFlight - 1);
    slot.slow = false;
    slot.returning = false;
    if (slot.phase === 'stopping') return;
    const free = slot.inFlight === 0;
    const stays = reusable && !slot.instance.gone && (!free || policy.staysAfterAnswer(slot, this.#settings));
    if (!stays) this.end(slot, reason);
    else if (free && slot.attachWhenFree) return void this.#attachWarm(slot);
    else if (free && this.#mustBeAsked(slot)) return void this.#beforeFreeze(slot, leftOpen);
    else if (free) this.#rest(slot, leftOpen);
    this.#serveWaiting();
    this.#changed.fire();
  }

  /** Takes back what was only handed ahead: the instance goes on with what it has begun. */
  returnAhead(slot: Slot): void {
    slot.inFlight = Math.max(0, slot.inFlight - 1);
  }

  /** Tells how long a handler took, so that quick functions are handed events ahead. */
  noteHandlerTime(us: number): void {
    this.#ahead.note(us);
  }

  /** Marks progress of a reserved instance for the views. */
  mark(slot: Slot, phase: Slot['phase']): void {
    if (slot.phase === 'stopping') return;
    slot.phase = phase;
    this.#changed.fire();
  }

  /** Ends an instance: idle and booted ones orderly, busy ones at once. */
  end(slot: Slot, reason: string): void {
    if (slot.phase === 'stopping') return letGoOn(slot);
    const orderly = slot.artifact !== undefined && slot.phase !== 'loading';
    slot.phase = 'stopping';
    this.#idle.remove(slot);
    this.#options.stop(slot, reason, orderly);
    this.#changed.fire();
  }

  /** Ends spares that hold what has changed since; others take their place as usual. */
  dropStaleSpares(): void {
    const stale = this.#slots.filter(
      (slot) => slot.phase === 'prewarmed' && slot.preloaded?.isCurrent() === false,
    );
    for (const slot of stale) this.end(slot, 'packages changed');
    if (stale.length > 0) this.#keepSpares();
  }

  /** Starts a spare and resolves when it is ready to take code. */
  async prepareSpare(): Promise<void> {
    await this.#options.pending();
    const spare = this.#slots.find((slot) => slot.phase === 'prewarmed');
    if (!spare) await this.#startSpare();
  }

  /** Booted processes end, and as many are started anew. */
  replaceSpares(reason: string): void {
    this.#endSpares(reason);
    this.#keepSpares();
  }

  #endSpares(reason: string): number {
    const spares = this.#slots.filter((slot) => slot.phase === 'prewarmed' || slot.phase === 'starting');
    for (const slot of spares) this.end(slot, reason);
    return spares.length;
  }

  /** State of every instance for the views. */
  states(): InstanceState[] {
    const idleMs = policy.mayBeFreed(this.#slots, this.#settings) ? this.#settings.idleTimeoutMs : undefined;
    return this.#slots.map((slot) => stateOf(slot, freedAt(slot, idleMs, this.#options.clock)));
  }

  /** Ends every instance and refuses whoever waits. Resolves when all are gone. */
  async dispose(reason: string, graceful: boolean): Promise<void> {
    this.#disposed = true;
    this.#idle.dispose();
    this.#ahead.dispose();
    this.#cancelRefill?.();
    this.#waiting.rejectAll(new Refused('throttled'));
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
    const debugging = this.debugged;
    const decision = policy.decide(this.#slots, this.#settings, ahead, forced, debugging);
    const soon = policy.returning(this.#slots, this.#settings);
    if (forced === undefined && decision.action !== 'warm' && soon > ahead) return undefined;
    switch (decision.action) {
      case 'wait':
        return undefined;
      case 'refuse':
        throw new Refused(decision.reason);
      case 'cold': {
        if (decision.evict !== undefined)
          this.end(this.#slots[decision.evict]!, 'made room for a cold start');
        const slot = this.#adopt(this.#options.start(false), 'loading');
        slot.inFlight = 1;
        return { slot, startKind: 'cold' };
      }
      case 'warm': {
        const slot = this.#slots[decision.slot]!;
        this.#idle.remove(slot);
        slot.phase = 'busy';
        slot.inFlight++;
        return { slot, startKind: 'warm' };
      }
      case 'prewarmed': {
        const slot = this.#slots[decision.slot]!;
        slot.phase = 'loading';
        slot.inFlight = 1;
        this.#demandedSpares = (debugging && !this.#options.sparesHoldCode) || this.#edited ? 1 : 0;
        return { slot, startKind: 'prewarmed' };
      }
    }
  }

  /** An invocation of a quick function goes to an instance that is busy. */
  #handAhead(forced: StartKind | undefined, how: 'freely' | 'most'): Lease | undefined {
    if (this.#disposed || (forced !== undefined && forced !== 'warm')) return undefined;
    if (this.debugged) return undefined;
    const slot = this.#ahead.choose(this.#slots, this.#settings, how);
    return slot && { slot, startKind: 'warm' };
  }

  /** Nobody calls it any more: what was kept for its next edit goes as well. */
  #comeToRest(): void {
    if (this.#slots.some(({ phase }) => phase === 'idle' || phase === 'busy' || phase === 'loading')) return;
    this.#edited = false;
    if (!this.debugged) this.demandSpares(0);
  }

  /** It has answered since it last was asked whether it is ready to be frozen. */
  #mustBeAsked({ instance, hookedAfter = 0 }: Slot): boolean {
    const { beforeFreeze } = this.#options;
    return beforeFreeze !== undefined && this.#settings.freeze && instance.calls > hookedAfter;
  }

  async #beforeFreeze(slot: Slot, leftOpen: boolean): Promise<void> {
    slot.hookedAfter = slot.instance.calls;
    slot.inFlight = 1;
    this.#serveWaiting();
    this.#changed.fire();
    await this.#options.beforeFreeze?.(slot);
    this.release(slot, 'idle', true, leftOpen);
  }

  #freeze(slot: Slot): void {
    if (slot.settling) {
      void slot.settling.finally(() => {
        if (slot.phase === 'idle') this.#freeze(slot);
      });
      return;
    }
    slot.instance.freeze();
    this.#changed.fire();
  }

  /** The last used is the last in the list: it is the one to be used again. */
  #rest(slot: Slot, leftOpen: boolean): void {
    if (this.#slots.at(-1) !== slot) {
      this.#slots.splice(this.#slots.indexOf(slot), 1);
      this.#slots.push(slot);
    }
    slot.phase = 'idle';
    const frozen =
      this.#settings.freeze && !slot.debugger && !this.debugged ? (leftOpen ? 'now' : 'soon') : 'never';
    // Whoever waits takes it at once: then it need not be frozen in between.
    this.#idle.add(slot, frozen === 'now' && this.#waiting.count > 0 ? 'soon' : frozen);
  }

  #adopt(instance: Instance, phase: Slot['phase']): Slot {
    const slot = newSlot(instance, phase);
    this.#slots.push(slot);
    this.#adopted.fire(instance);
    void instance.exited.then(() => {
      this.#idle.remove(slot);
      slot.phase = 'stopping';
      slot.debugger?.dispose();
      this.#slots.splice(this.#slots.indexOf(slot), 1);
      this.#serveWaiting();
      this.#keepProvisioned();
      this.#changed.fire();
    });
    this.#changed.fire();
    return slot;
  }

  async #startSpare(): Promise<void> {
    const slot = this.#adopt(this.#options.start(false), 'starting');
    try {
      await slot.instance.booted;
      // Before a debugger comes: nothing that is loaded without a call should make it stop.
      const fit = (await this.#options.prepareSpare?.(slot)) ?? true;
      if (fit) await this.attachDebugger(slot);
      if (slot.phase === 'starting' && !fit) {
        this.end(slot, 'not fit to be used');
        // The next one leaves out what made this one unfit.
        if (!this.#disposed) return await this.#startSpare();
      }
      if (slot.phase === 'starting') slot.phase = 'prewarmed';
      this.#serveWaiting();
    } catch {
      // It ended before it was of use; the pool has already dropped it, and the next cold start says why.
    }
    this.#changed.fire();
  }

  /** Lets the debugger in before code loads, when the function is being debugged. */
  async attachDebugger(slot: Slot): Promise<void> {
    const { debug, clock } = this.#options;
    if (slot.debugger || !this.debugged) return;
    await attachTo(slot, debug, clock, () => this.#changed.fire());
  }

  /** Debugging of the function began or ended. `keepSpare`: have an attached one ready before the first call. */
  debuggingChanged(keepSpare: boolean): void {
    const debugging = this.debugged;
    for (const slot of this.#slots) {
      if (!debugging) delete slot.declined;
      const spare = slot.phase === 'prewarmed' || slot.phase === 'starting';
      const missesBreakpoints = slot.preloaded !== undefined && this.#options.debug.packages?.length;
      // A spare that nobody attached to would run past module-level breakpoints.
      if (debugging && spare && (!slot.debugger || missesBreakpoints)) {
        this.end(slot, 'replaced by an instance with a debugger');
      } else if (debugging && slot.phase === 'idle') {
        void this.#attachWarm(slot);
      } else {
        // One that is at work now is attached when it has answered.
        slot.attachWhenFree = debugging && slot.phase === 'busy' && !slot.debugger;
      }
    }
    const used = this.#slots.some((slot) => slot.artifact !== undefined);
    // One that runs code would stop at its breakpoints without a call.
    const attached = debugging && !this.#options.sparesHoldCode;
    this.demandSpares(attached && (keepSpare || used) ? 1 : 0);
  }

  /** Instances that serve on are debugged again. */
  attachIdle(): void {
    if (!this.debugged) return;
    for (const slot of idleUndebugged(this.#slots)) void this.#attachWarm(slot);
  }

  /** A warm instance is debugged too: breakpoints bind in code it has already loaded. */
  async #attachWarm(slot: Slot): Promise<void> {
    this.#idle.remove(slot);
    slot.attachWhenFree = false;
    slot.phase = 'busy';
    slot.inFlight = 1;
    try {
      slot.instance.thaw();
      await this.attachDebugger(slot);
    } catch {
      // It ended meanwhile; its exit is reported where all exits are.
    }
    this.release(slot, 'idle', true);
  }

  #keepSpares(endsOthers = true): void {
    if (this.#disposed) return;
    const missing = policy.sparesMissing(this.#slots, this.#settings, this.#demandedSpares);
    const provisions = this.#provisioning && policy.provisionedMissing(this.#slots, this.#settings) > 0;
    // Nothing is looked for or built as long as nothing is to be started.
    const pending = missing > 0 || provisions ? this.#options.pending() : undefined;
    if (pending) {
      // Why there is none is told to whoever calls the function.
      pending.then(() => this.#keepSpares(endsOthers)).catch(() => {});
      return;
    }
    for (let count = 0; count < missing; count++) void this.#startSpare();
    const wanted = Math.max(this.#settings.prewarm, this.#demandedSpares);
    const spares = this.#slots.filter((slot) => slot.phase === 'prewarmed' || slot.phase === 'starting');
    if (endsOthers) for (const extra of spares.slice(wanted)) this.end(extra, 'not needed any more');
    this.#keepProvisioned();
  }

  #keepProvisioned(): void {
    if (this.#disposed || !this.#provisioning) return;
    const missing = policy.provisionedMissing(this.#slots, this.#settings);
    for (let count = 0; count < missing; count++) void this.#startProvisioned();
  }

  /** Loads code ahead of any call. One that fails is not tried again until something changes. */
  async #startProvisioned(): Promise<void> {
    const slot = this.#adopt(this.#options.start(true), 'loading');
    const loaded = await this.#options.provision(slot);
    if (phaseOf(slot) === 'stopping') return;
    if (!loaded) {
      this.#provisioning = false;
      this.end(slot, 'it could not be loaded ahead of a call');
      return;
    }
    slot.provisioned = true;
    slot.inFlight = 1;
    this.release(slot, 'code changed', true);
  }

  /**
   * Starts the spares that settings or debugging ask for, once the function is in use. A moment later: starting a process
   * holds the host up for milliseconds, and whoever made the function load waits for its answer.
   */
  refill(): void {
    this.#cancelRefill ??= this.#options.clock.after(refillAfterMs, () => {
      this.#cancelRefill = undefined;
      if (this.debugged && !this.#options.sparesHoldCode) this.#demandedSpares = 1;
      // One that was prepared for a call that comes now is not taken from it.
      this.#keepSpares(false);
    });
  }

  #serveWaiting(): void {
    for (let next = this.#waiting.first; next && !this.#disposed; next = this.#waiting.first) {
      let lease: Lease | undefined;
      try {
        // The others in the queue do not count against the one whose turn it is.
        lease = this.#tryAcquire(next.forced, 0) ?? this.#handAhead(next.forced, 'most');
      } catch (error) {
        this.#waiting.removeFirst();
        next.answer.reject(error);
        continue;
      }
      if (!lease) return;
      this.#waiting.removeFirst();
      next.answer.resolve(lease);
    }
  }

  /** Ends idle instances that may not serve again; says how many. */
  #retireUnfit(): number {
    const unfit = this.#slots.filter(
      (slot) => slot.phase === 'idle' && !policy.staysAfterAnswer(slot, this.#settings),
    );
    for (const slot of unfit) {
      this.end(slot, this.#settings.model === 'ephemeral' ? 'process model switched' : 'code changed');
    }
    return unfit.length;
  }
}
