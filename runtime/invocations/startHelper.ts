import type { FunctionPool } from '../instances/functionPool.ts';
import { InstanceGone } from '../instances/instanceExit.ts';
import type { Lease, Slot } from '../instances/slot.ts';
import type { CodeToLoad, Interpreter, Language, StartMemory } from '../languages/language.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Platform } from '../model/platform.ts';
import { type InvocationSummary, addNote } from '../model/invocationRecord.ts';
import type { StartKind } from '../model/words.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import type { FunctionState } from '../protocol/control/state.ts';
import type { CodeUse, LoadCommand, LoadedMessage, StartHelp } from '../protocol/instance/messages.ts';
import type { Clock } from '../support/clock.ts';
import { contractFile } from './contractFile.ts';
import { phrase } from '../support/l10n.ts';

/** Says that an invocation has a new instance because its function's code is another one. */
export function sayCodeChanged(summary: InvocationSummary): void {
  addNote(summary, phrase('New instance because the code changed.'));
}

export const startedAgainNote = phrase(
  'Started again: the first instance ended while it loaded compiled code of an earlier start, which was dropped.',
);
/** Thrown when an instance ended of what it was given to start faster: the invocation starts once more, without. */
export class StartAgain extends Error {}

const preloadedNote = phrase('Dependencies were preloaded.');

/** A spare that has not loaded its packages by then is stuck, and so would the function be. */
const preloadLimitMs = 20_000;
/** An instance that does not tell what its start showed is not waited for any longer. */
const rememberLimitMs = 10_000;

/** Signals by which a process ends itself when the code it runs is damaged. */
const faultSignals = ['SIGSEGV', 'SIGABRT', 'SIGILL', 'SIGBUS', 'SIGTRAP', 'SIGFPE'];
/** The same on Windows: exit codes from 0x80000000 on, and `abort`'s. */
const isFaultCode = (code: number | null): boolean => code !== null && (code >= 0x80000000 || code === 134);

/** What is needed of a function's own options. */
export interface StartHelperOptions {
  platform: Platform;
  definition: FunctionDefinition;
  language: Language;
  clock: Clock;
  /** Absent: nothing is kept. */
  cacheFolder?: string;
}

/** Between a function's instances and what its language remembers of their starts. */
export class StartHelper {
  readonly #remember: ((interpreter: Interpreter) => StartMemory | undefined) | undefined;
  readonly #interpreter: () => Interpreter | undefined;
  #known: { of: Interpreter; memory: StartMemory | undefined } | undefined;
  readonly #clock: Clock;
  readonly #contract: () => string;
  /** Instances whose first answer is awaited, with the code they loaded. */
  #first = new WeakMap<Slot, { code: CodeToLoad; use: CodeUse | undefined }>();
  /** Whether the last load was given code of an earlier start. */
  #gaveCode = false;

  /** `interpreter`: what runs the function, once that is known. */
  constructor(options: StartHelperOptions, interpreter: () => Interpreter | undefined, environment: string) {
    const { platform, definition, language, clock, cacheFolder: folder } = options;
    this.#clock = clock;
    this.#contract = () => contractFile(platform, definition);
    this.#interpreter = interpreter;
    if (folder !== undefined)
      this.#remember = (of) => language.startMemory?.({ folder, definition, interpreter: of, environment });
  }

  /** What is remembered holds for one interpreter. */
  get #memory(): StartMemory | undefined {
    const of = this.#remember && this.#interpreter();
    if (!of || !this.#remember) return undefined;
    if (this.#known?.of !== of) this.#known = { of, memory: this.#remember(of) };
    return this.#known.memory;
  }

  get state(): FunctionState['preload'] {
    return this.#memory?.state;
  }

  /** A spare holds packages as they were when it loaded them. */
  beforeAcquire(pool: FunctionPool, forced: StartKind | undefined): void {
    if (forced === 'warm' || forced === 'cold') return;
    if (forced === undefined && pool.slots.some(({ phase }) => phase === 'idle')) return;
    pool.dropStaleSpares();
  }

  forLoad({ id, loader }: DevArtifact): StartHelp | undefined {
    const help = this.#memory?.forLoad({ id, loader });
    this.#gaveCode = help?.code?.ready === true || help?.ownCache !== undefined;
    return help;
  }

  loaded(
    slot: Slot,
    { id, loader }: DevArtifact,
    { code }: LoadedMessage,
    summary: InvocationSummary | undefined,
  ): void {
    this.#first.set(slot, { code: { id, loader }, use: code });
    if (!summary) return;
    const preloaded = slot.preloaded?.packages ?? 0;
    summary.start = { codeUsed: code?.used ?? 0, codeCompiled: code?.missed ?? 0, preloaded };
    if (preloaded > 0) addNote(summary, preloadedNote);
  }

  /** The first answer is out: asks what the start showed, if that is news. */
  afterAnswer(slot: Slot): void {
    const first = this.#first.get(slot);
    if (!first || !this.#memory) return;
    this.#first.delete(slot);
    const memory = this.#memory;
    const command = memory.toRemember(first.code, first.use);
    if (!command) return;
    const asked = slot.instance.remember(command).then(
      (message) => memory.remembered(first.code, message),
      // It ended before it could tell; another start will.
      () => {},
    );
    slot.settling = this.#within(asked, rememberLimitMs).finally(() => delete slot.settling);
  }

  /** Lets a booted spare load what the function needs; false: it is not fit to be used. */
  async prepareSpare(slot: Slot, observe: Pick<LoadCommand, 'observe'>): Promise<boolean> {
    const memory = this.#memory;
    const known = memory?.forSpare(this.#contract());
    if (!memory || !known) return true;
    const command = { ...known, ...observe };
    const trusted = memory.trusted;
    const cancel = this.#clock.after(preloadLimitMs, () => slot.instance.kill(preloadStuck));
    const loading = slot.instance.preload(command).then(
      (message) => {
        const preloaded = memory.preloaded(command, message);
        if (preloaded === 'unfit') return false;
        slot.preloaded = preloaded;
        return true;
      },
      (error: unknown) => {
        const reason = error instanceof InstanceGone ? error.exit.reason : undefined;
        // Ended by us for another reason: that says nothing about the packages.
        if (reason === preloadStuck) memory.preloadFailed('does not finish loading');
        else if (reason === undefined) memory.preloadFailed('ends the process');
        return false;
      },
    );
    void loading.finally(cancel);
    if (!trusted) return loading;
    // What was fit before is fit again: a call may come at once, and waits for no more than it would have to load itself.
    slot.preloaded = { packages: command.packages.length, isCurrent: () => true };
    // A call that took it meanwhile is served: it would have loaded the same.
    void loading.then((fit) => {
      if (!fit && slot.phase === 'prewarmed') slot.instance.kill('not fit to be used');
    });
    return true;
  }

  /** Whether an instance ended of damaged code that it was given; that code is dropped then. */
  blames(error: unknown, { slot, startKind }: Lease): boolean {
    if (!(error instanceof InstanceGone) || startKind === 'warm' || slot.artifact !== undefined) return false;
    const { reason, signal, code } = error.exit;
    if (!this.#gaveCode || reason !== undefined) return false;
    if (!faultSignals.includes(signal ?? '') && !isFaultCode(code)) return false;
    this.#memory?.codeFailed();
    return true;
  }

  #within<T>(promise: Promise<T>, ms: number): Promise<unknown> {
    return new Promise<unknown>((resolve) => {
      const cancel = this.#clock.after(ms, () => resolve(undefined));
      void promise.finally(() => {
        cancel();
        resolve(undefined);
      });
    });
  }
}

const preloadStuck = 'its packages did not finish loading';
