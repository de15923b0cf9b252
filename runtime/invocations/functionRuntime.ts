import { createHash } from 'node:crypto';
import { detachIdle } from '../instances/attachTo.ts';
import { FunctionPool } from '../instances/functionPool.ts';
import type { Slot } from '../instances/slot.ts';
import { Instance } from '../instances/instance.ts';
import { MemoryGuard } from '../instances/memoryGuard.ts';
import type { Interpreter } from '../languages/language.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { InvocationError, InvocationRecord, LogEntry } from '../model/invocationRecord.ts';
import type { Platform } from '../model/platform.ts';
import { withinTimeout } from '../model/withinTimeout.ts';
import type { ProcessModel } from '../model/words.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import type { BuildState, FunctionState } from '../protocol/control/state.ts';
import type { LoadCommand } from '../protocol/instance/messages.ts';
import type { Clock } from '../support/clock.ts';
import { Emitter } from '../support/emitter.ts';
import { distFile } from '../support/installRoot.ts';
import { systemMemory } from '../support/memory/processMemory.ts';
import { SourceMaps } from '../support/sourceMaps.ts';
import { TurnoverMap } from '../support/turnoverMap.ts';
import { AcceptedInvocation } from './acceptedInvocation.ts';
import { provision } from './bringUp.ts';
import { cutText } from './capturedLog.ts';
import { FunctionInterpreter } from './functionInterpreter.ts';
import { instanceEnvironment } from './instanceEnvironment.ts';
import type { Accepted, FunctionRuntimeOptions } from './functionRuntimeOptions.ts';
import { InstanceResources } from './instanceResources.ts';
import { ImportTelling } from './importTelling.ts';
import { Invocation, type InvokeRequest } from './invocation.ts';
import { carryOut } from './invoke.ts';
import { checkEvent } from './checkEvent.ts';
import { contractFile, lifetimeContext } from './contractFile.ts';
import { failedBuild } from './failedBuild.ts';
import { stateOf } from './functionState.ts';
import { createRedactor, redactError } from './redactor.ts';
import { sayCodeChanged, StartHelper } from './startHelper.ts';
import { Statistics } from './statistics.ts';
import { observing } from './observed.ts';
import { LastAnswered } from './lastAnswered.ts';
import { hasPreFreeze, runPreFreeze } from './preFreeze.ts';
import { boundStopping, stopInstance } from './stopping.ts';

/** How long a build that failed is not tried again while older code serves, in milliseconds. */
const rebuildAfterMs = 1000;

/** One function, able to run: its instances, its code of now, its running invocations and its statistics. */
export class FunctionRuntime {
  readonly definition: FunctionDefinition;
  readonly platform: Platform;
  readonly clock: Clock;
  readonly pool: FunctionPool;
  readonly recording: boolean;
  /** What invocations by hand are called. */
  readonly plainLabel: string;
  readonly maps = new SourceMaps();
  readonly statistics = new Statistics();
  readonly starts: StartHelper;
  readonly running = new TurnoverMap<Invocation>();
  readonly #options: FunctionRuntimeOptions;
  /** Gives a text with the function's secrets replaced. */
  readonly redact: (text: string) => string;
  readonly #environmentHash: string;
  readonly #resources: InstanceResources;
  #sequence = 0;
  #artifact: DevArtifact | undefined;
  readonly #interpreter: FunctionInterpreter;
  #build: BuildState = { state: 'none' };
  #codeChanged = false;
  /** The code that was good last: it serves while what followed cannot be built. */
  #lastGood: DevArtifact | undefined;
  #failedAtMs = 0;
  readonly answered = new LastAnswered();

  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #invocationChanged = new Emitter<Invocation>();
  readonly onDidChangeInvocation = this.#invocationChanged.event;
  readonly #finished = new Emitter<InvocationRecord>();
  readonly onDidFinish = this.#finished.event;
  readonly #logged = new Emitter<{ invocation: Invocation; entry: LogEntry }>();
  readonly onDidLog = this.#logged.event;
  readonly #instanceLogged = new Emitter<{ instance: string; entry: LogEntry }>();
  readonly onDidLogOutside = this.#instanceLogged.event;
  readonly imports: ImportTelling;
  readonly #built = new Emitter<DevArtifact>();
  /** Other code than before will run from now on. */
  readonly onDidBuild = this.#built.event;

  constructor(options: FunctionRuntimeOptions) {
    this.#options = options;
    this.imports = new ImportTelling(options.language.importProfiler?.());
    this.definition = options.definition;
    this.recording = options.recording;
    this.plainLabel = `invoke ${options.definition.name}`;
    this.platform = options.platform;
    this.clock = options.clock;
    this.redact = createRedactor(options.environment);
    this.#environmentHash = createHash('sha256')
      .update(JSON.stringify(options.environment))
      .digest('hex')
      .slice(0, 8);
    this.#resources = new InstanceResources({
      ...options,
      memory: options.memory ?? new MemoryGuard(systemMemory(), options.clock),
      isDebugged: (instance) =>
        this.pool.slots.some((slot) => slot.instance === instance && slot.debugger !== undefined),
      summaryOf: ({ oldest }) => (oldest === undefined ? undefined : this.running.get(oldest)?.summary),
    });
    this.#interpreter = new FunctionInterpreter(options.findInterpreter, () => this.#changed.fire());
    this.starts = new StartHelper(options, () => this.#interpreter.known, this.#environmentHash);
    this.pool = new FunctionPool({
      function: options.definition.name,
      settings: options.definition.process,
      clock: options.clock,
      debug: options.debug,
      // Between two calls there is the hook.
      handsAhead: options.language.handsAhead !== false && !options.definition.preFreeze,
      start: (provisioned) => this.#startInstance(provisioned),
      prepareSpare: (slot) => {
        const { name } = options.definition;
        // What is loaded before anybody looks would run past the breakpoints in it.
        if (options.debug.isDebugging(name) && options.debug.packages?.length) return Promise.resolve(true);
        return this.starts.prepareSpare(slot, this.#observing(options.debug.isDebugging(name)));
      },
      provision: (slot) => provision(this, slot),
      pending: () => this.#pendingStart(),
      sparesHoldCode: options.language.runsAtOnce === true,
      ...(hasPreFreeze(options.definition) && { beforeFreeze: (slot) => runPreFreeze(this, slot) }),
      stop: (slot, reason, orderly) => stopInstance(this, slot, reason, orderly),
    });
    this.pool.onDidChange(() => this.#changed.fire());
  }

  /** Whether a file is part of our code inside instances. */
  readonly isOurs = (file: string): boolean =>
    file.endsWith('bootstrap.cjs') || file.includes(distFile('contracts'));

  readonly #onEntry = (invocation: Invocation, entry: LogEntry): void => {
    invocation.summary.logCount++;
    if (this.#logged.hasListeners) this.#logged.fire({ invocation, entry });
  };

  /** Accepts an invocation. What is wrong with the event itself is thrown as a `PorchlightError`. */
  accept(request: InvokeRequest): Accepted {
    const startUs = this.clock.nowUs();
    const event = checkEvent(request.event, this.platform);
    const invocation = new Invocation({
      id: request.id ?? this.platform.newRequestId(),
      definition: this.definition,
      request: { ...request, event },
      receivedAt: this.clock.epochMs(),
      startUs,
      clock: this.clock,
      maps: this.maps,
      redact: this.redact,
      onEntry: this.#onEntry,
      version: this.#options.version,
    });
    const { signal } = request;
    if (signal?.aborted) invocation.cancel(signal.reason);
    else signal?.addEventListener('abort', () => invocation.cancel(signal.reason), { once: true });
    this.running.set(invocation.summary.id, invocation);
    this.#invocationChanged.fire(invocation);
    return new AcceptedInvocation(invocation, carryOut(this, invocation, event, request.startKind));
  }

  /** What runs the function, looked for when that is not known yet. Rejects with a `PorchlightError`. */
  interpreter(): Promise<Interpreter> {
    return this.#interpreter.get();
  }

  /** Looks for the interpreter again; when it is another one, instances are replaced. */
  async renewInterpreter(): Promise<Interpreter> {
    if (await this.#interpreter.renew()) {
      this.#artifact = undefined;
      this.pool.replaceSpares('another interpreter runs the function now');
      this.#changed.fire();
    }
    return this.#interpreter.required;
  }

  /** Of what runs its instances; empty for programs. */
  get interpreterVersion(): string {
    return this.#interpreter.known?.version ?? '';
  }

  /** The code of now when it is known; otherwise `prepareArtifact` makes it. */
  get artifact(): DevArtifact | undefined {
    return this.#artifact;
  }

  /** The build that failed and whose place older code takes. */
  get brokenBuild(): Extract<BuildState, { state: 'failed' }> | undefined {
    return this.#build.state === 'failed' && this.#lastGood ? this.#build : undefined;
  }

  /**
   * The code of now; the pool is told when it is another one. When it cannot be built, the code that was good last goes
   * on serving; a function that never had any fails with the build's error.
   */
  async prepareArtifact(): Promise<DevArtifact> {
    const known = this.#artifact;
    if (!known && this.#lastGood && this.clock.epochMs() - this.#failedAtMs < rebuildAfterMs)
      return this.#lastGood;
    if (!known && this.#build.state !== 'failed') this.#setBuild({ state: 'building' });
    try {
      const { version, path } = this.#interpreter.known ?? (await this.interpreter());
      const debugged = this.#isDebugged;
      const artifact = await this.#options.prepare(this.definition, version, path, debugged);
      // Debugging began or ended meanwhile: this was built for the other.
      if (this.#options.language.runsAtOnce && debugged !== this.#isDebugged)
        return await this.prepareArtifact();
      if (artifact !== known) this.#adoptArtifact(artifact);
      // Before a call that waits for the code could take one of them.
      this.pool.attachIdle();
      return artifact;
    } catch (error) {
      this.#artifact = undefined;
      this.#failedAtMs = this.clock.epochMs();
      this.#setBuild(failedBuild(error, this.#lastGood?.id));
      if (this.#lastGood) return this.#lastGood;
      throw error;
    }
  }

  /** Its code may have changed: builds again and replaces instances with other code. Failures show in the state. */
  async refresh(files?: readonly string[]): Promise<void> {
    this.maps.forget(files);
    this.#artifact = undefined;
    this.#failedAtMs = 0;
    detachIdle(this.pool.slots);
    // The state tells; whoever invokes meanwhile gets the error itself.
    await this.prepareArtifact().catch(() => undefined);
    this.pool.attachIdle();
  }

  setProcessModel(model: ProcessModel): void {
    this.pool.configure({ ...this.pool.settings, model });
  }

  get #isDebugged(): boolean {
    return this.#options.debug.isDebugging(this.definition.name);
  }

  /** What has to be known before a process can be started; one that runs the code at once needs that code. */
  #pendingStart(): Promise<unknown> | undefined {
    if (!this.#options.language.runsAtOnce) return this.#interpreter.known ? undefined : this.interpreter();
    const ready = this.#artifact !== undefined || (this.#build.state === 'failed' && this.#lastGood);
    return ready ? undefined : this.prepareArtifact();
  }

  /** Debugging of it began or ended: what is built for a debugger is built anew. */
  debuggingChanged(spare: boolean): void {
    if (this.#options.language.runsAtOnce) {
      this.#artifact = undefined;
      this.#failedAtMs = 0;
      // A build takes its time: a first call should not wait for all of it. What fails is told by the state.
      if (spare) void this.prepareArtifact().catch(() => undefined);
    }
    this.pool.debuggingChanged(spare);
  }

  /** Identifies code, environment and interpreter together: an instance with another key may not serve. */
  artifactKey(artifact: DevArtifact): string {
    return `${artifact.id}-${this.#environmentHash}-${this.interpreterVersion}`;
  }

  /** `requestId`: of the invocation for which the code is loaded, or one of its own. */
  loadCommand(artifact: DevArtifact, debugged: boolean, requestId: string): LoadCommand {
    const { definition, platform } = this;
    const start = this.starts.forLoad(artifact);
    return {
      type: 'load',
      contract: contractFile(platform, definition),
      entry: artifact.entry,
      loader: artifact.loader,
      exportName: artifact.exportName,
      handler: definition.handler,
      context: lifetimeContext(platform, definition, this.interpreterVersion),
      hookContext: platform.callContext(definition, { requestId, trigger: 'event' }),
      concurrency: this.pool.settings.concurrency,
      debugged,
      ...(debugged && { packagesWithBreakpoints: [...(this.#options.debug.packages ?? [])] }),
      ...(artifact.sourceDir === undefined ? {} : { sourceDir: artifact.sourceDir }),
      ...(artifact.initializer ? { initializer: artifact.initializer } : {}),
      ...(artifact.preFreeze ? { preFreeze: artifact.preFreeze } : {}),
      ...(artifact.preStop ? { preStop: artifact.preStop } : {}),
      ...(start ? { start } : {}),
      ...(this.#options.positions && this.recording ? { positions: true } : {}),
      ...this.#observing(debugged),
    };
  }

  /** An error of loading with its place, also where only a look at the sources finds it. */
  async placed(error: InvocationError, artifact: DevArtifact): Promise<InvocationError> {
    if (error.at || !error.type.endsWith('SyntaxError')) return error;
    const at = await this.#options.syntaxErrorIn?.(artifact).catch(() => undefined);
    if (!at) return error;
    return { ...error, at, stack: [...error.stack, `    at ${at.file}:${at.line}:${at.column}`] };
  }

  #observing(debugged: boolean): Pick<LoadCommand, 'observe'> {
    if (!this.#options.observe || !this.recording) return {};
    return observing(this.pool.settings, this.#options.language.observers?.(), debugged);
  }

  contextOf(invocation: Invocation): Record<string, unknown> {
    const { id, requestId = id, trigger } = invocation.summary;
    const { call } = invocation;
    const facts = { requestId, trigger, invocationId: id, ...(call ? { call } : {}) };
    return this.platform.callContext(this.definition, facts);
  }

  changed(invocation: Invocation): void {
    this.#invocationChanged.fire(invocation);
  }

  noteNewInstance(invocation: Invocation): void {
    if (!this.#codeChanged) return;
    this.#codeChanged = false;
    sayCodeChanged(invocation.summary);
  }

  redactError(error: InvocationError): InvocationError {
    return redactError(error, this.redact);
  }

  /** Completes the record, before its caller is answered: whoever has the answer finds the record. */
  finish(invocation: Invocation, slot: Slot | undefined): void {
    const { summary, log } = invocation;
    if (!this.recording) {
      this.running.take(summary.id);
      this.#invocationChanged.fire(invocation);
      return;
    }
    const nowUs = this.clock.nowUs();
    log.close(nowUs);
    summary.billedMs = this.platform.billedMs(withinTimeout(summary, this.definition));
    if (slot) {
      this.#resources.note(slot.instance, summary);
      const lines = this.platform.endLines(this.definition, summary, invocation.started);
      for (const line of lines) log.platform(line, nowUs);
      this.answered.add(slot.instance, invocation);
    }
    this.running.take(summary.id);
    this.statistics.add(summary);
    const record = invocation.record();
    invocation.recordedEntries = log.entries.length;
    this.#finished.fire(record);
    this.#invocationChanged.fire(invocation);
  }

  /** Resolves when finished records cannot be lost any more, within this turn of the loop. */
  acknowledged(): Promise<void> | undefined {
    return this.recording ? this.#options.acknowledged?.() : undefined;
  }

  /** What its instance still had in its pipes has arrived: nothing will be added any more. */
  close(invocation: Invocation, slot: Slot | undefined): void {
    if (slot) this.answered.close(slot.instance, invocation);
    if (!this.recording) return invocation.close();
    invocation.log.close(this.clock.nowUs());
    const { warnings } = invocation.summary;
    const late = invocation.log.entries.length !== invocation.recordedEntries || warnings !== undefined;
    if (late) this.#finished.fire(invocation.record());
    if (warnings) this.#invocationChanged.fire(invocation);
    invocation.close();
  }

  state(): FunctionState {
    return stateOf(this, {
      environment: this.#options.environment,
      urls: this.#options.urls(this.definition),
      build: this.#build,
      entryFile: this.#artifact?.entryFile,
      interpreter: this.#interpreter.known?.label,
    });
  }

  /** Takes nothing new and ends when what is under way has been answered. */
  async retire(reason: string): Promise<void> {
    await Promise.all(this.running.values().map(({ recorded }) => recorded));
    await this.pool.dispose(reason, true);
  }

  /** Ends every instance. Invocations under way end as `interrupted`; hooks get their time within a bound. */
  async dispose(reason: string): Promise<void> {
    for (const invocation of this.running.values()) invocation.cancel(new Error(reason));
    const cancel = boundStopping(this, reason);
    await this.pool.dispose(reason, true);
    cancel();
    await this.#resources.removed();
  }

  /** Writes a line of the platform's or of ours to the log of an instance. */
  sayOfInstance(instance: string, text: string, level: LogEntry['level'] = 'info'): void {
    const entry: LogEntry = { t: 0, level, text: this.redact(text), stream: 'platform' };
    this.#instanceLogged.fire({ instance, entry });
  }

  #adoptArtifact(artifact: DevArtifact): void {
    const hadCode = this.pool.slots.some((slot) => slot.artifact !== undefined);
    this.#artifact = artifact;
    this.#lastGood = artifact;
    const before = this.pool.slots.find((slot) => slot.artifact !== undefined)?.artifact;
    const key = this.artifactKey(artifact);
    if (hadCode && before !== key) this.#codeChanged = true;
    this.#setBuild({ state: 'ready', artifact: artifact.id, buildMs: artifact.buildMs });
    this.pool.setArtifact(key);
    this.#built.fire(artifact);
  }

  #setBuild(build: BuildState): void {
    this.#build = build;
    this.#changed.fire();
  }

  #startInstance(provisioned: boolean): Instance {
    const { definition, language } = this.#options;
    const spec = language.launch(this.#interpreter.required, definition, {
      artifact: this.#artifact ?? this.#lastGood,
      limits: this.platform.limits,
      debugged: this.#options.debug.isDebugging(definition.name),
    });
    const sequence = ++this.#sequence;
    const id = `${definition.name}#${sequence}`;
    const { codeRoot } = definition;
    const facts = { instanceId: id, codeRoot, provisioned, version: this.interpreterVersion };
    const instance = this.#resources.provide(
      sequence,
      (temporary) =>
        new Instance({
          id,
          function: definition.name,
          sequence,
          spec,
          cwd: definition.codeRoot,
          env: instanceEnvironment(this.#options, facts, { ...spec.env, ...temporary }),
          concurrency: this.pool.settings.concurrency,
          clock: this.clock,
          reaper: this.#options.reaper,
        }),
    );
    instance.onDidLog((log) => {
      if (log.pipe && language.saysOutOfMemory?.(log.text)) instance.outOfMemory = true;
      if (!this.recording) return;
      const answered = this.answered.of(instance);
      const id = log.id ?? instance.oldest;
      // What comes past the channel right behind an answer was written before it.
      const invocation =
        (log.pipe && answered) || ((id === undefined ? undefined : this.running.get(id)) ?? answered);
      if (invocation) invocation.log.add(log);
      else this.#logOutside(instance.id, log);
    });
    return instance;
  }

  #logOutside(instance: string, log: Parameters<Invocation['log']['add']>[0]): void {
    const text = cutText(log.text.replace(/\n$/, ''), this.redact);
    const level = log.level ?? (log.stream === 'stderr' ? 'error' : 'info');
    this.#instanceLogged.fire({ instance, entry: { t: 0, level, text, stream: log.stream } });
  }
}
