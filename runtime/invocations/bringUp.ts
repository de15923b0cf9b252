import type { Answer } from '../instances/pendingCalls.ts';
import { InstanceGone } from '../instances/instanceExit.ts';
import type { Lease, Slot } from '../instances/slot.ts';
import { PorchlightError } from '../model/errors.ts';
import { requestIdOf } from '../model/invocationRecord.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import type { LoadCommand, LoadedMessage, LoadFailedMessage } from '../protocol/instance/messages.ts';
import { Ended, endedByExit, interrupted } from './ended.ts';
import { exitReasons } from './exitReasons.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';
import { say, sayFailure, sayInitFailed, sayStart } from './platformLines.ts';
import { HeldTime } from './heldTime.ts';
import { startPausableTimer } from './pausableTimer.ts';
import { StartAgain } from './startHelper.ts';
import { mapError } from './stacks.ts';

/** An initialization: its first try, or its repetition within the invocation that caused it. */
export interface InitAttempt {
  phase: 'init' | 'invoke';
  /** Longest time for loading the code, in milliseconds. */
  limitMs: number;
}

/**
 * Boots (unless prewarmed), lets the debugger in, loads the code and runs the initializer. Without a debugger all
 * commands are sent at once: no phase then contains a wait for the host. Rejects with `Ended` when any of it fails.
 */
export async function bringUp(
  fn: FunctionRuntime,
  invocation: Invocation,
  lease: Lease,
  artifact: DevArtifact,
  attempt: InitAttempt,
  hand: () => Promise<Answer>,
): Promise<void> {
  const { slot, startKind } = lease;
  const { instance } = slot;
  // A program that is started with its event gets that first.
  const eventFirst = startKind === 'cold' && instance.awaitsEvent && attempt.phase === 'init';
  const launched = async (): Promise<void> => {
    if (startKind !== 'cold') return;
    if (instance.launching) {
      await instance.launching;
      if (invocation.summary.instance) invocation.summary.instance.pid = instance.pid;
    }
    invocation.mark('spawn', instance.spawnStartUs);
    invocation.mark('boot', instance.spawnEndUs);
    fn.changed(invocation);
    const attached = invocation.held.holdCallers();
    await fn.pool.attachDebugger(slot).finally(attached);
    invocation.held.follow(slot.debugger, instance.stops);
  };
  if (!eventFirst) await launched();
  say(fn, invocation, { kind: 'booted', version: fn.interpreterVersion });
  // An initialization within an invocation is part of it.
  if (attempt.phase === 'invoke') sayStart(fn, invocation, slot.debugger !== undefined);
  const began = new BeginningOfCode(invocation);
  const code = new CodeLoading(fn, slot, attempt.limitMs, invocation.held, {
    onHook: (edge, atUs, failed, loadStartUs) => {
      if (edge === 'start') began.at(loadStartUs, atUs);
      const requestId = requestIdOf(invocation.summary);
      say(fn, invocation, { kind: 'hook', hook: 'initializer', edge, requestId, failed }, atUs);
    },
    onLoaded: (loaded) => {
      // A profile has no help of earlier starts, and shows nothing for later ones.
      if (invocation.profile !== 'full') fn.starts.loaded(slot, artifact, loaded, invocation.summary);
      began.at(loaded.loadStartUs, loaded.initStartUs);
      if (loaded.imports) fn.imports.tell(invocation, loaded.imports);
      sayStart(fn, invocation, slot.debugger !== undefined);
      fn.pool.refill();
    },
  });
  try {
    const loading = code.load(artifact, requestIdOf(invocation.summary), (command) =>
      fn.imports.askIn(command, invocation, artifact),
    );
    // Within the invocation its time is shared: what is left for the handler is known only when the code is there.
    if (!slot.debugger && attempt.phase === 'init') void hand();
    if (eventFirst) {
      // What went wrong is heard of below.
      loading.catch(() => {});
      await launched();
    }
    const loaded = await loading;
    if (loaded.type === 'loadFailed') throw await loadFailed(fn, invocation, loaded, began, artifact);
  } catch (error) {
    if (fn.starts.blames(error, lease)) throw new StartAgain();
    let failure = error;
    if (error instanceof InstanceGone) {
      if (instance.bootedUs !== undefined) began.at(instance.bootedUs);
      failure = endedWhileLoading(fn, invocation, slot, error, code);
    }
    if (failure instanceof Ended && attempt.phase === 'invoke') {
      sayInitFailed(fn, invocation, 'invoke', failure);
    }
    throw failure;
  }
}

/**
 * Loads the function's code on an instance that no invocation waits for. False when that failed: the first invocation
 * will fail in the same way, and say why.
 */
export async function provision(fn: FunctionRuntime, slot: Slot): Promise<boolean> {
  const { instance } = slot;
  const requestId = fn.platform.newRequestId();
  const held = new HeldTime(fn.clock);
  const tell = (event: Parameters<FunctionRuntime['platform']['lifeCycleLines']>[1]) => {
    for (const line of fn.platform.lifeCycleLines(fn.definition, event)) fn.sayOfInstance(instance.id, line);
  };
  try {
    const artifact = await fn.prepareArtifact();
    await instance.booted;
    await fn.pool.attachDebugger(slot);
    tell({ kind: 'booted', version: fn.interpreterVersion });
    held.follow(slot.debugger, instance.stops);
    const code = new CodeLoading(fn, slot, fn.platform.limits.initTimeoutMs, held, {
      onHook: (edge, _atUs, failed) => tell({ kind: 'hook', hook: 'initializer', edge, requestId, failed }),
      onLoaded: (loaded) => fn.starts.loaded(slot, artifact, loaded, undefined),
    });
    instance.memory?.begin();
    const loaded = await code.load(artifact, requestId).finally(() => instance.memory?.failed());
    return loaded.type === 'loaded';
  } catch (error) {
    if (error instanceof InstanceGone || error instanceof PorchlightError) return false;
    throw error;
  } finally {
    held.end();
  }
}

interface LoadingEvents {
  onHook(edge: 'start' | 'end', atUs: number, failed: boolean, loadStartUs: number): void;
  /** Called before anything that the instance said afterwards is looked at. */
  onLoaded(loaded: LoadedMessage): void;
}

/** Code being loaded on an instance, and its initializer, each within its time. */
class CodeLoading {
  readonly #fn: FunctionRuntime;
  readonly #slot: Slot;
  readonly #held: HeldTime;
  readonly #events: LoadingEvents;
  /** The time that is running, in milliseconds. */
  limitMs: number;
  /** The initializer has begun and has not ended. */
  inHook = false;

  constructor(fn: FunctionRuntime, slot: Slot, limitMs: number, held: HeldTime, events: LoadingEvents) {
    this.#fn = fn;
    this.#slot = slot;
    this.#held = held;
    this.limitMs = limitMs;
    this.#events = events;
  }

  async load(
    artifact: DevArtifact,
    requestId: string,
    adapt: (command: LoadCommand) => LoadCommand = (command) => command,
  ): Promise<LoadedMessage | LoadFailedMessage> {
    const fn = this.#fn;
    const { instance } = this.#slot;
    let cancel = this.#startTimer();
    const hooks = instance.onDidReachHook(({ hook, edge, atUs, loadStartUs, error }) => {
      if (hook !== 'initializer') return;
      this.inHook = edge === 'start';
      if (this.inHook) {
        cancel();
        this.limitMs = fn.definition.initializer?.timeoutMs ?? this.limitMs;
        cancel = this.#startTimer();
      }
      this.#events.onHook(edge, atUs, error !== undefined, loadStartUs ?? atUs);
    });
    try {
      const command = fn.loadCommand(artifact, this.#slot.debugger !== undefined, requestId);
      return await instance.load(adapt(command), (loaded) => {
        fn.pool.setLoaded(this.#slot, fn.artifactKey(artifact));
        this.#events.onLoaded(loaded);
      });
    } finally {
      cancel();
      hooks.dispose();
    }
  }

  /** The initializer ended with its process. */
  endHook(): void {
    if (!this.inHook) return;
    const nowUs = this.#fn.clock.nowUs();
    this.inHook = false;
    this.#events.onHook('end', nowUs, true, nowUs);
  }

  #startTimer(): () => void {
    const { instance } = this.#slot;
    return startPausableTimer(this.limitMs, this.#fn.clock, { held: this.#held }, () =>
      instance.kill(exitReasons.initTimeout),
    );
  }
}

/** Marks the phases of loading once, whichever message tells of them first. */
class BeginningOfCode {
  readonly #invocation: Invocation;
  #marked = false;

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
  }

  at(loadUs: number, initUs?: number): void {
    if (this.#marked) return;
    this.#marked = true;
    this.#invocation.mark('load', loadUs);
    if (initUs !== undefined) this.#invocation.mark('init', initUs);
  }
}

/** The instance ended while it loaded code or ran the initializer. */
function endedWhileLoading(
  fn: FunctionRuntime,
  invocation: Invocation,
  { instance }: Slot,
  { exit }: InstanceGone,
  code: CodeLoading,
): Ended {
  if (invocation.cancelled) return interrupted();
  invocation.summary.maxMemoryMB = Math.ceil((instance.memory?.seenKB ?? 0) / 1024);
  const ended = endedByExit(fn, invocation, exit, code.limitMs);
  if (!code.inHook) return ended;
  code.endHook();
  const { status, error } = ended;
  return status === 'oom' ? ended : new Ended(status, 'initialization', error);
}

async function loadFailed(
  fn: FunctionRuntime,
  invocation: Invocation,
  message: LoadFailedMessage,
  began: BeginningOfCode,
  artifact: DevArtifact,
): Promise<Ended> {
  began.at(message.startUs);
  invocation.mark('teardown', message.endUs);
  const error = await fn.placed(mapError(message.error, fn.maps, fn.isOurs), artifact);
  // The initializer is the first to ask for the code: code that cannot be loaded fails it.
  const initializing = message.phase === 'init' || fn.definition.initializer !== undefined;
  if (!initializing) sayFailure(fn, invocation, error, 'init');
  const note = fn.platform.loadNote?.(error);
  const { notes } = invocation.summary;
  // An initialization that is repeated fails twice.
  if (note !== undefined && !notes.includes(note)) notes.push(note);
  return new Ended('error', initializing ? 'initialization' : 'unhandled', error);
}
