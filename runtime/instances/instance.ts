import { spawn, type ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { Adapter } from '../languages/adapter.ts';
import type { StartFailure } from '../model/platform.ts';
import type {
  HookMessage,
  HostToInstance,
  InstanceToHost,
  InspectorMessage,
  InvokeCommand,
  LoadCommand,
  LoadedMessage,
  LoadFailedMessage,
  LogMessage,
  PreloadCommand,
  PreloadedMessage,
  RememberCommand,
  RememberedMessage,
  StopCommand,
} from '../protocol/instance/messages.ts';
import type { Observation } from '../protocol/instance/observations.ts';
import type { Clock } from '../support/clock.ts';
import { Deferred } from '../support/deferred.ts';
import { Emitter } from '../support/emitter.ts';
import { groupOptions, killTree, signalGroup } from '../support/processTree.ts';
import { openTracee } from '../support/tracee.ts';
import { InstanceGone, NotBegun, type InstanceExit } from './instanceExit.ts';
import { FrameWriter } from './frameWriter.ts';
import { hearChannel } from './instanceChannel.ts';
import { parseMessage } from './instanceMessages.ts';
import type { InstanceOptions } from './instanceOptions.ts';
import type { InstanceMemory } from './memoryGuard.ts';
import { PendingCalls, type Answer, type StreamListener } from './pendingCalls.ts';
import { PipeLines } from './pipeLines.ts';
import { ProgramStops } from './programStops.ts';

/** Output of an instance; `pipe`: a line that came past JavaScript, from native code or a child process. */
export type InstanceLog = Omit<LogMessage, 'type'> & { pipe?: true };

/** One OS process that runs one function's code. Answers each invocation at most once, and says when it is gone. */
export class Instance {
  readonly id: string;
  readonly function: string;
  readonly sequence: number;
  readonly startedAt: number;
  /** When spawning began and when the process existed, on the monotonic clock. */
  spawnStartUs: number;
  spawnEndUs: number;
  readonly exited: Promise<InstanceExit>;
  bootedUs: number | undefined;
  calls = 0;
  frozen = false;

  readonly #log = new Emitter<InstanceLog>();
  readonly onDidLog = this.#log.event;
  readonly #hook = new Emitter<HookMessage>();
  readonly onDidReachHook = this.#hook.event;
  /** Set by whoever starts it. */
  memory: InstanceMemory | undefined;
  /** Its program was started in a debugger, and the system tells when that has it stopped. */
  stops: ProgramStops | undefined;
  /** Its code handles SIGTERM. */
  listensForTermination = false;
  /** Time it is given for that, in milliseconds, where its platform gives more than usual. */
  terminationMs: number | undefined;
  /** Its interpreter said that the heap is used up. */
  outOfMemory = false;
  /** Resolves when the process exists, or cannot; undefined where it does from the beginning. */
  readonly launching: Promise<void> | undefined;
  #child: ChildProcess | undefined;
  #writer: FrameWriter | undefined;
  /** Speaks for a program that has no bootstrap. */
  #adapter: Adapter | undefined;
  #startFailure: StartFailure | undefined;
  /** Exit code of a program that ended within the process that was started for it. */
  #programCode: number | undefined;
  /** What comes over the pipes of its output. */
  readonly #output: PipeLines[] = [];
  #booted = new Deferred<void>();
  #loading: Deferred<LoadedMessage | LoadFailedMessage> | undefined;
  #onLoaded: ((message: LoadedMessage) => void) | undefined;
  #inspecting: Deferred<InspectorMessage> | undefined;
  #preloading: Deferred<PreloadedMessage> | undefined;
  #remembering: Deferred<RememberedMessage> | undefined;
  readonly #pending: PendingCalls;
  readonly #concurrency: number;
  #observing = new Map<string, Deferred<Observation[]>>();
  #exit = new Deferred<InstanceExit>();
  #killReason: string | undefined;
  #channelClosed = false;
  #fatal: InstanceExit['fatal'];
  #gone: InstanceExit | undefined;

  constructor(options: InstanceOptions) {
    this.id = options.id;
    this.function = options.function;
    this.sequence = options.sequence;
    this.exited = this.#exit.promise;
    this.#concurrency = options.concurrency;
    this.#pending = new PendingCalls(options.concurrency, options.clock);
    this.startedAt = options.clock.epochMs();
    this.spawnStartUs = options.clock.nowUs();
    this.spawnEndUs = this.spawnStartUs;
    if (options.spec.adapter) {
      this.#adapter = options.spec.adapter({
        clock: options.clock,
        concurrency: options.concurrency,
        env: options.env,
        say: (message, body) => {
          if (!this.#gone) this.#hear(message, body ?? noBytes);
        },
        fail: (failure) => {
          this.#startFailure ??= failure;
          this.kill('it did not come to serve');
        },
        finish: (code) => {
          this.#programCode = code;
          if (!this.#gone && this.#child) killTree(this.#child);
        },
        log: (stream, text) => {
          if (!this.#gone) this.#log.fire({ atUs: options.clock.nowUs(), stream, text, pipe: true });
        },
        watch: (pid) => options.reaper.watch(pid),
        forget: (pid) => options.reaper.forget(pid),
        signal: (signal) => {
          if (this.pid > 0 && !this.#gone) signalGroup(this.pid, signal);
        },
      });
      this.launching = this.#launchAdapted(options, this.#adapter);
      return;
    }
    const { command, args } = options.spec;
    const child = this.#spawn(options, command, args, options.env, ['pipe', 'pipe']);
    this.#writer = new FrameWriter(child.stdio?.[3] as Writable | undefined);
    if (child.pid !== undefined) this.#listenToChannel(child, options);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get gone(): boolean {
    return this.#gone !== undefined;
  }

  /** Whether it was told to end, has ended, or cannot be spoken to any more. */
  get ending(): boolean {
    return this.gone || this.#channelClosed || this.#killReason !== undefined;
  }

  /** Resolves when the bootstrap runs; rejects with `InstanceGone`. */
  get booted(): Promise<void> {
    return this.#booted.promise;
  }

  /** `onLoaded` is called before anything the instance said afterwards is looked at. */
  load(
    command: LoadCommand,
    onLoaded: (message: LoadedMessage) => void,
  ): Promise<LoadedMessage | LoadFailedMessage> {
    this.#loading = new Deferred();
    this.#onLoaded = onLoaded;
    return this.#ask(this.#loading, command);
  }

  /** Rejects with `NotBegun` when it was handed ahead and is given back, with `InstanceGone` when the process ends. */
  invoke(command: InvokeCommand, event: Uint8Array, listener: StreamListener): Promise<Answer> {
    const answer = new Deferred<Answer>();
    if (!this.#gone) this.#pending.add(command.id, answer, listener);
    this.calls++;
    return this.#ask(answer, command, event);
  }

  /** Since when the instance can have begun an invocation (monotonic clock); undefined while it waits behind others. */
  activeSince(id: string): number | undefined {
    return this.#pending.activeSince(id);
  }

  /** The oldest invocation under way: what comes past the channel (native output) is taken for its. */
  get oldest(): string | undefined {
    return this.#pending.oldest;
  }

  /** Whether something waits behind a call that has been running for longer than `us`. */
  isStuck(us: number): boolean {
    return this.#pending.isStuck(us);
  }

  /** Nobody waits for a call any more, whose process serves others as well. */
  cancel(id: string): void {
    if (!this.#gone) this.#send({ type: 'cancel', id });
  }

  /** Asks for what was handed ahead and has not begun. */
  giveBack(): void {
    if (!this.#gone) this.#send({ type: 'giveBack' });
  }

  /**
   * What the instance noticed of an invocation whose answer announced it. It follows at once; nothing when it does not
   * come within `limitMs`, or the instance ends.
   */
  observed(id: string, limitMs: number, clock: Clock): Promise<Observation[]> {
    const pending = this.#observing.get(id);
    if (!pending || this.#gone) return Promise.resolve([]);
    const cancel = clock.after(limitMs, () => pending.resolve([]));
    return pending.promise.finally(() => {
      cancel();
      this.#observing.delete(id);
    });
  }

  /** Opens the inspector and gives its address. */
  inspect(): Promise<InspectorMessage> {
    this.#inspecting = new Deferred();
    return this.#ask(this.#inspecting, { type: 'inspect' });
  }

  /** Loads what the function needs besides its own code. */
  preload(command: PreloadCommand): Promise<PreloadedMessage> {
    this.#preloading = new Deferred();
    return this.#ask(this.#preloading, command);
  }

  /** Its program is started when it has its first event. */
  get awaitsEvent(): boolean {
    return this.#adapter?.awaitsEvent === true;
  }

  /** Asks what its start has shown; asked once, after its first answer. */
  remember(command: RememberCommand): Promise<RememberedMessage> {
    this.#remembering = new Deferred();
    return this.#ask(this.#remembering, command);
  }

  /** Asks for its pre-freeze hook; what comes of it is told by `onDidReachHook`. */
  preFreeze(context: Record<string, unknown>): void {
    if (!this.#gone) this.#send({ type: 'preFreeze', context });
  }

  closeInspector(): void {
    if (!this.#gone) this.#send({ type: 'closeInspector' });
  }

  /** Stops the process group between invocations, as the clouds do. */
  freeze(): void {
    if (this.frozen || this.#gone || process.platform === 'win32') return;
    this.frozen = true;
    signalGroup(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    if (!this.frozen) return;
    this.frozen = false;
    if (!this.#gone) signalGroup(this.pid, 'SIGCONT');
  }

  /** Asks the instance to end by itself and kills it after `graceMs`. */
  stop(
    reason: string,
    graceMs: number,
    clock: Pick<Clock, 'after'>,
    command: Omit<StopCommand, 'type'> = { context: {}, terminate: false },
  ): Promise<InstanceExit> {
    if (this.#gone) return this.exited;
    this.#killReason ??= reason;
    if (graceMs <= 0) this.kill(reason);
    else {
      this.thaw();
      this.#send({ type: 'stop', ...command });
      const cancel = clock.after(graceMs, () => this.kill(reason));
      void this.exited.then(cancel);
    }
    return this.exited;
  }

  /** Ends the process and everything it started, at once. The first reason stays. */
  kill(reason: string): void {
    this.#killReason ??= reason;
    if (this.#gone) return;
    if (this.#child) killTree(this.#child);
    // Its program was never started, and may be waited for as long as nothing calls it.
    else if (this.launching) this.#ended({ code: null, signal: null });
  }

  #ask<T>(answer: Deferred<T>, message: HostToInstance, body?: Uint8Array): Promise<T> {
    if (this.#gone) answer.reject(new InstanceGone(this.#gone));
    else this.#send(message, body);
    return answer.promise;
  }

  #send(message: HostToInstance, body?: Uint8Array): void {
    if (this.#adapter) this.#adapter.receive(message, body ?? noBytes);
    else this.#writer?.send(message, body);
  }

  /** A program that has no bootstrap is started when everything is there that it will look for. */
  async #launchAdapted(options: InstanceOptions, adapter: Adapter): Promise<void> {
    try {
      const { command, args, env, piped = false, traced } = await adapter.open();
      // It was ended before it began.
      if (this.#killReason !== undefined) return this.#ended({ code: null, signal: null });
      this.spawnStartUs = options.clock.nowUs();
      const child = this.#spawn(options, command, args, { ...options.env, ...env }, [], piped);
      const { pid, stdin, stdout } = child;
      const tracee = traced && pid !== undefined ? openTracee(pid) : undefined;
      if (tracee) this.stops = new ProgramStops(tracee, options.clock);
      if (pid !== undefined) adapter.started(pid, piped ? { stdin: stdin!, stdout: stdout! } : undefined);
    } catch (error) {
      this.#ended({ code: null, signal: null, reason: (error as Error).message });
    }
  }

  #spawn(
    options: InstanceOptions,
    command: string,
    args: string[],
    env: Record<string, string>,
    channel: 'pipe'[],
    piped = false,
  ): ChildProcess {
    const { cwd } = options;
    const stdio = [piped ? 'pipe' : 'ignore', 'pipe', 'pipe', ...channel] as const;
    const child = spawn(command, args, { cwd, env, stdio: [...stdio], ...groupOptions() });
    this.spawnEndUs = options.clock.nowUs();
    this.#child = child;
    child.once('error', (error) => this.#ended({ code: null, signal: null, reason: error.message }, error));
    if (child.pid !== undefined) this.#listen(child, options, piped ? ['stderr'] : ['stdout', 'stderr']);
    return child;
  }

  #listenToChannel(child: ChildProcess, { clock }: InstanceOptions): void {
    hearChannel(child, clock, {
      message: (message, body) => this.#onMessage(message, body),
      closed: () => (this.#channelClosed = true),
      broken: (how) => this.kill(`The instance broke its protocol: ${how}`),
    });
  }

  #listen(child: ChildProcess, options: InstanceOptions, logged: ('stdout' | 'stderr')[]): void {
    options.reaper.watch(child.pid!);
    for (const name of logged) {
      const lines = new PipeLines((text) => {
        if (this.#adapter?.hear(name, text)) return;
        this.#log.fire({ atUs: options.clock.nowUs(), stream: name, text, pipe: true });
      });
      this.#output.push(lines);
      child[name]!.on('data', (chunk: Buffer) => lines.push(chunk));
      child[name]!.on('end', () => lines.end());
      child[name]!.on('error', () => {});
    }
    child.once('exit', (code, signal) => {
      options.reaper.forget(child.pid!);
      // What a dead instance started must not live on.
      if (process.platform !== 'win32') signalGroup(child.pid!, 'SIGKILL');
      const finish = () => {
        cancel();
        const rest = this.#adapter?.afterwards?.();
        if (rest) void rest.then(() => this.#ended({ code, signal }));
        else this.#ended({ code, signal });
      };
      // Pipes may hold its last words; a stray descendant that keeps one open must not hold us up.
      const cancel = options.clock.after(100, finish);
      child.once('close', finish);
    });
  }

  #onMessage(raw: { type: string }, body: Buffer): void {
    this.#hear(parseMessage(raw), body);
  }

  #hear(message: InstanceToHost, body: Buffer): void {
    switch (message.type) {
      case 'booted':
        this.bootedUs = message.atUs;
        this.#booted.resolve();
        break;
      case 'loaded':
        this.#onLoaded?.(message);
        this.#loading?.resolve(message);
        break;
      case 'loadFailed':
        this.#loading?.resolve(message);
        break;
      case 'result':
      case 'error': {
        // All output of a program comes this way; what it printed last may have no end, and is this call's.
        if (this.#adapter && this.#concurrency === 1) for (const lines of this.#output) lines.flush();
        const answer = this.#pending.take(message.id);
        if (!answer) break;
        if (message.observing) this.#observing.set(message.id, new Deferred());
        answer.resolve({ message, body });
        break;
      }
      case 'stream':
        this.#pending.listener(message.id)?.streamBegins(message.start);
        break;
      case 'chunk':
        this.#passOn(message.id, body);
        break;
      case 'gaveBack':
        this.#pending.gaveBack(message.ids);
        break;
      case 'observed':
        this.#observing.get(message.id)?.resolve(message.observations);
        break;
      case 'log':
        this.#log.fire(message);
        break;
      case 'inspector':
        this.#inspecting?.resolve(message);
        break;
      case 'preloaded':
        this.#preloading?.resolve(message);
        break;
      case 'remembered':
        this.#remembering?.resolve(message);
        break;
      case 'fatal':
        this.#fatal = message.error;
        break;
      case 'hook':
        this.#hook.fire(message);
        break;
      case 'listens':
        this.listensForTermination = true;
        this.terminationMs = message.graceMs;
        break;
    }
  }

  #passOn(id: string, body: Buffer): void {
    const taken = () => {
      if (!this.#gone) this.#send({ type: 'taken', id, bytes: body.byteLength });
    };
    const listener = this.#pending.listener(id);
    if (listener) listener.streamGoesOn(body, taken);
    else taken();
  }

  #ended(ofProcess: InstanceExit, error?: Error): void {
    if (this.#gone) return;
    const ended = this.#killReason === undefined ? this.#programCode : undefined;
    const exit = ended === undefined ? ofProcess : { code: ended, signal: null };
    const ofAdapter = this.#adapter?.ended({ ...exit, ...(error ? { error } : {}) });
    const start = this.#startFailure ?? (this.#killReason === undefined ? ofAdapter : undefined);
    this.#gone = {
      ...exit,
      ...(start ? { start } : {}),
      ...(this.#killReason === undefined ? {} : { reason: this.#killReason }),
      ...(this.#fatal ? { fatal: this.#fatal } : {}),
      ...(this.outOfMemory ? { outOfMemory: true } : {}),
    };
    const gone = new InstanceGone(this.#gone);
    this.#booted.fail(gone);
    this.#loading?.fail(gone);
    this.#inspecting?.fail(gone);
    this.#preloading?.fail(gone);
    this.#remembering?.fail(gone);
    const pending = this.#pending.clear();
    for (const observing of this.#observing.values()) observing.resolve([]);
    for (const { answer, activeUs } of pending) answer.fail(activeUs === undefined ? new NotBegun() : gone);
    this.#exit.resolve(this.#gone);
    this.#adapter?.dispose();
  }
}

const noBytes = Buffer.alloc(0);
