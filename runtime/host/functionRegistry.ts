import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DebugPort } from '../instances/debugPort.ts';
import { MemoryGuard } from '../instances/memoryGuard.ts';
import type { Reaper } from '../instances/reaper.ts';
import { FunctionRuntime } from '../invocations/functionRuntime.ts';
import { findLanguage } from '../languages/index.ts';
import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Platform } from '../model/platform.ts';
import type { Problem, TargetDefinition } from '../model/project.ts';
import { findPlatform } from '../platforms/index.ts';
import type { QueueDefinition } from '../model/queues/queueDefinition.ts';
import type { FunctionState } from '../protocol/control/state.ts';
import type { Clock } from '../support/clock.ts';
import { Emitter, type Event } from '../support/emitter.ts';
import { systemMemory } from '../support/memory/processMemory.ts';
import { FunctionFindings } from './functionFindings.ts';
import { CallShares } from './callShares.ts';
import type {
  FunctionSource,
  SharedFunction,
  SourceChange,
  SourceContent,
  SourcedFunction,
} from './functionSource.ts';

export interface RegistryOptions {
  source: FunctionSource;
  clock: Clock;
  reaper: Reaper;
  mark: string;
  /** Absolute folder of our state in the project. */
  stateFolder: string;
  debug: DebugPort;
  recording: boolean;
  /** Watch invocations for what surprises in the cloud. */
  observe: boolean;
  /** Find out which source line printed what. */
  positions: boolean;
  urls(definition: FunctionDefinition): FunctionState['urls'];
  gatewayEnvironment(platform: Platform, user: Record<string, string>): Record<string, string>;
  acknowledged(): Promise<void>;
  /** A value of the user's environment as it is on this machine. */
  localized(value: string): string;
}

interface RunningFunction {
  sourced: SourcedFunction;
  runtime: FunctionRuntime;
}

/** By the name of the function. */
type Runtimes = Map<string, RunningFunction>;

/** The functions a host runs, kept equal to what their source says. */
export class FunctionRegistry {
  readonly #options: RegistryOptions;
  #runtimes: Runtimes = new Map();
  /** Versions that get a share of the calls, by the name of their function. */
  #shared: Runtimes = new Map();
  readonly #shares = new CallShares();
  #problems: Problem[] = [];
  /** Routes that are never reached, and triggers that are wrong; who knows them says so. */
  conflicts: Problem[] = [];
  readonly #findings: FunctionFindings;
  targets: TargetDefinition[] = [];
  /** Queues the project declares. */
  queues: readonly QueueDefinition[] = [];
  /** Saved events that project files list, by function. */
  events: NonNullable<SourceContent['events']> = new Map();
  /** One reading at a time; a change during a reading asks for one more. */
  #reading: Promise<void> | undefined;
  #again = false;
  /** Functions that were replaced and finish what they are doing. */
  #retiring = new Map<FunctionRuntime, Promise<void>>();
  readonly #memory: MemoryGuard;

  readonly #added = new Emitter<FunctionRuntime>();
  readonly onDidAdd = this.#added.event;
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;

  readonly #followed = new Emitter<SourceChange>();
  /** The source changed, and the functions are what it says now. */
  readonly onDidFollow = this.#followed.event;

  /** What is wrong was found out after reading: problems or interpreters of functions are others than before. */
  readonly onDidFind: Event<void>;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#memory = new MemoryGuard(systemMemory(), options.clock);
    const { source } = options;
    this.#findings = new FunctionFindings(source.inspect?.bind(source), options.clock);
    this.onDidFind = this.#findings.onDidChange;
  }

  /** Everything that is wrong or noteworthy, as far as it is known. */
  get problems(): Problem[] {
    return [...this.#problems, ...this.conflicts, ...this.#findings.of(this.names)];
  }

  /** Resolves when what takes a closer look is known as well. Never rejects. */
  settled(): Promise<void> {
    return this.#findings.settled();
  }

  get all(): FunctionRuntime[] {
    return [...this.#runtimes.values()].map(({ runtime }) => runtime);
  }

  get names(): string[] {
    return [...this.#runtimes.keys()];
  }

  find(name: string): FunctionRuntime | undefined {
    return this.#runtimes.get(name)?.runtime;
  }

  /** What a call that is made now goes to: the function of this name, or a version of it that has a share of the calls. */
  forCall(name: string): FunctionRuntime | undefined {
    const shared = this.#shared.get(name);
    return shared && this.#shares.take(name) ? shared.runtime : this.find(name);
  }

  /** All that run, those with a share of the calls included. */
  get running(): FunctionRuntime[] {
    return [...this.all, ...[...this.#shared.values()].map(({ runtime }) => runtime)];
  }

  /** The function of this name, or an error that names the known ones. */
  get(name: string): FunctionRuntime {
    const found = this.find(name);
    if (!found) throw new PorchlightError('FUNCTION_UNKNOWN', { name, known: this.names.join(', ') });
    return found;
  }

  /** Reads the source; functions that did not change keep their instances. */
  async load(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#readAll();
    try {
      await this.#reading;
    } finally {
      this.#reading = undefined;
    }
  }

  /** Does what a change of the source asks for, and tells of it when that is done. */
  async follow(change: SourceChange): Promise<void> {
    if (change.kind === 'content') await this.load();
    else if (change.kind === 'code') await this.refresh(change.functions, change.files);
    else if (change.kind === 'inspect') this.#findings.lookAgain(change.functions);
    this.#followed.fire(change);
  }

  /** Code of these functions changed on disk. */
  async refresh(names: string[], files: string[]): Promise<void> {
    const affected = names.flatMap((name) => this.find(name) ?? []);
    await Promise.all(affected.map((runtime) => runtime.refresh(files)));
  }

  async dispose(reason: string): Promise<void> {
    this.#findings.dispose();
    const retiring = [...this.#retiring.keys()];
    await Promise.all([...this.running, ...retiring].map((runtime) => runtime.dispose(reason)));
    this.#runtimes.clear();
    this.#shared.clear();
  }

  async #readAll(): Promise<void> {
    do {
      this.#again = false;
      const content = await this.#options.source.read();
      this.#problems = content.problems;
      this.targets = content.targets;
      this.queues = content.queues ?? [];
      this.events = content.events ?? new Map();
      this.#adopt(content.functions);
      this.#changed.fire();
    } while (this.#again);
  }

  #adopt(functions: SharedFunction[]): void {
    const before = [this.#runtimes, this.#shared];
    const next: Runtimes = new Map();
    const shared: Runtimes = new Map();
    const shares = new Map<string, number>();
    for (const { share, ...sourced } of functions) {
      const { name } = sourced.definition;
      const whole = this.#keep(sourced, before);
      if (whole) next.set(name, whole);
      const part = share && this.#keep(share.sourced, before);
      if (!whole || !part) continue;
      shared.set(name, part);
      shares.set(name, share.percent);
    }
    this.#runtimes = next;
    this.#shared = shared;
    this.#shares.set(shares);
    const known = new Set(before.flatMap((map) => [...map.values()].map(({ runtime }) => runtime)));
    const kept = new Set(this.running);
    for (const runtime of known) if (!kept.has(runtime)) this.#close(runtime);
    for (const runtime of kept) if (!known.has(runtime)) this.#added.fire(runtime);
    this.#findings.look(next.values());
  }

  /** What runs already, also where it gets other calls from now on: its instances are warm. */
  #keep(sourced: SourcedFunction, before: Runtimes[]): RunningFunction | undefined {
    const { name } = sourced.definition;
    const known = before.flatMap((map) => map.get(name) ?? []);
    const same = known.find((each) => isDeepStrictEqual(each.sourced, sourced));
    if (same) return same;
    const runtime = this.#create(sourced);
    return runtime && { sourced, runtime };
  }

  /** A definition that was replaced: its instances finish what they are doing. */
  #close(runtime: FunctionRuntime): void {
    const retired = runtime
      .retire('the function was redefined')
      .finally(() => this.#retiring.delete(runtime));
    this.#retiring.set(runtime, retired);
  }

  #create({ definition, environment, version }: SourcedFunction): FunctionRuntime | undefined {
    const { source, clock, reaper, mark, stateFolder, debug, recording, observe, positions, urls } =
      this.#options;
    const { gatewayEnvironment, acknowledged, localized } = this.#options;
    const platform = findPlatform(definition.platform);
    const language = findLanguage(definition.language);
    if (!platform || !language) return undefined;
    const offered = platform.offers[language.id] ?? [];
    return new FunctionRuntime({
      definition,
      platform,
      language,
      findInterpreter: () => language.findInterpreter(definition, { offered, stateFolder }),
      environment,
      ...(version !== undefined && { version }),
      clock,
      reaper,
      mark,
      debug,
      recording,
      memory: this.#memory,
      cacheFolder: join(stateFolder, 'cache'),
      prepare: (...asked) => source.prepare(...asked),
      syntaxErrorIn: async (artifact) => source.syntaxErrorIn?.(artifact),
      observe,
      positions,
      urls,
      gatewayEnvironment: () => gatewayEnvironment(platform, environment),
      acknowledged,
      localized,
    });
  }
}
