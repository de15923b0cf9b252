import type { StartFailure } from '../../model/platform.ts';
import { commandText, defaultCommand, withVariables } from '../../model/program.ts';
import type { HostToInstance, RawError } from '../../protocol/instance/messages.ts';
import type { AdaptedProgram, Adapter, AdapterInstance } from '../adapter.ts';
import type { Answered, Conversation, Listener, Pipes } from './conversation.ts';
import { OutputTail } from './outputTail.ts';
import type { ProgramDebugger } from './programDebugger.ts';
import { SentStream } from './sentStream.ts';

/** What one instance runs. */
export interface ProgramStart {
  /** Absolute path of the program, or a name that the system looks up. */
  program: string;
  args: string[];
  debugger?: ProgramDebugger | undefined;
  /** Why it has no debugger, when it was to have one. */
  notDebugged?: { missing: string } | { declined: string } | undefined;
}

type Facts = Pick<Listener, 'definition' | 'program' | 'limits' | 'debugged'>;

/**
 * Speaks for a program: the life of the instance is the same for all of them, what is said to the program is its
 * conversation's.
 */
export class ProgramAdapter implements Adapter {
  readonly #instance: AdapterInstance;
  readonly #start: ProgramStart;
  readonly #facts: Facts;
  readonly #conversation: Conversation;
  readonly #output = new OutputTail();
  #startedUs = 0;
  #readyUs: number | undefined;
  #loading = false;
  #serving = false;
  #hookStartUs: number | undefined;
  #hookEndUs: number | undefined;
  #initError: RawError | undefined;
  readonly #streams = new Map<string, SentStream>();
  /** Answers that wait for what the program printed before them. */
  #held: (() => void)[] = [];

  constructor(
    instance: AdapterInstance,
    start: ProgramStart,
    facts: Facts,
    converse: (listener: Listener) => Conversation,
  ) {
    this.#instance = instance;
    this.#start = start;
    this.#facts = facts;
    this.#conversation = converse(this.#listener());
  }

  get awaitsEvent(): boolean {
    return this.#conversation.awaitsEvent === true;
  }

  async open(): Promise<AdaptedProgram> {
    const { program, args, debugger: debugging } = this.#start;
    const env = await this.#conversation.open();
    // A server that takes its port as an argument: `php -S 127.0.0.1:$PORT`.
    const filled = args.map((part) => withVariables(part, env));
    const { command, args: all } = debugging?.wrap(program, filled) ?? { command: program, args: filled };
    const { piped = false } = this.#conversation;
    return { command, args: all, env, piped, traced: debugging !== undefined };
  }

  started(pid: number, pipes?: Pipes): void {
    const nowUs = (this.#startedUs = this.#instance.clock.nowUs());
    this.#instance.say({ type: 'booted', atUs: nowUs, pid, version: '' });
    this.#conversation.started(pipes);
  }

  receive(message: HostToInstance, body: Uint8Array): void {
    switch (message.type) {
      case 'load':
        this.#loading = true;
        this.#conversation.load(message);
        if (this.#initError) this.#sayInitFailed(this.#initError);
        else if (this.#readyUs !== undefined) this.#sayLoaded();
        break;
      case 'invoke':
        this.#conversation.invoke(message, Buffer.from(body.buffer, body.byteOffset, body.byteLength));
        break;
      case 'inspect':
        this.#inspect();
        break;
      case 'closeInspector':
        this.#start.debugger?.left(this.#finish);
        break;
      case 'taken':
        this.#streams.get(message.id)?.taken(message.bytes);
        break;
      case 'cancel':
        this.#conversation.cancel?.(message.id);
        break;
      case 'preFreeze':
        this.#conversation.preFreeze?.(message);
        break;
      case 'stop':
        this.#conversation.stop(message);
        break;
      // Events are not handed ahead to programs, and they have nothing that could be loaded early or remembered.
      case 'giveBack':
      case 'preload':
      case 'remember':
        break;
    }
  }

  hear(stream: 'stdout' | 'stderr', line: string): boolean {
    if (this.#start.debugger?.hear(line)) return true;
    if (!this.#serving) this.#output.add(line);
    return false;
  }

  ended({
    code,
    signal,
    error,
  }: {
    code: number | null;
    signal: string | null;
    error?: Error;
  }): StartFailure | undefined {
    if (!error) this.#conversation.ended?.({ code, signal });
    this.#release(this.#held.length);
    if (error) return this.#failure(reasonOf(error), { code, signal });
    return this.#serving ? undefined : this.#failure('exited', { code, signal });
  }

  afterwards(): Promise<void> | undefined {
    return this.#conversation.afterwards?.();
  }

  dispose(): void {
    this.#start.debugger?.dispose();
    this.#conversation.close();
  }

  readonly #finish = (code: number): void => this.#instance.finish(code);

  #listener(): Listener {
    const { clock, concurrency, env, say, signal } = this.#instance;
    return {
      ...this.#facts,
      clock,
      concurrency,
      env,
      ready: () => {
        if (this.#readyUs !== undefined || this.#initError) return;
        this.#readyUs = clock.nowUs();
        if (this.#loading) this.#sayLoaded();
      },
      initFailed: (error) => {
        if (this.#readyUs !== undefined || this.#initError) return;
        this.#initError = error;
        if (this.#loading) this.#sayInitFailed(error);
      },
      hook: (hook, edge, error) => {
        const atUs = clock.nowUs();
        if (hook === 'initializer' && edge === 'start') this.#hookStartUs = atUs;
        if (hook === 'initializer' && edge === 'end') this.#hookEndUs = atUs;
        const loadStartUs = hook === 'initializer' ? { loadStartUs: this.#startedUs } : {};
        const tell = () =>
          say({ type: 'hook', hook, edge, atUs, ...loadStartUs, ...(error ? { error } : {}) });
        if (edge === 'end') return new Promise((resolve) => this.#hold(() => resolve(tell())));
        tell();
        return Promise.resolve();
      },
      stream: async (id, start, source) => {
        say({ type: 'stream', id, start });
        const stream = new SentStream(source, (chunk) => say({ type: 'chunk', id }, chunk));
        this.#streams.set(id, stream);
        const complete = await stream.ended;
        this.#streams.delete(id);
        return { complete };
      },
      answered: (id, { startUs, body, omittedBytes }: Answered) => {
        const omitted = omittedBytes === undefined ? {} : { omittedBytes };
        const endUs = clock.nowUs();
        this.#hold(() => say({ type: 'result', id, startUs, endUs, peakKB: 0, ...omitted }, body));
      },
      failed: (id, startUs, error, body, handled) => {
        const endUs = clock.nowUs();
        this.#hold(() => say({ type: 'error', id, startUs, endUs, peakKB: 0, handled, error }, body));
      },
      beside: this.#instance,
      listensForTermination: (graceMs) =>
        say({ type: 'listens', signal: 'SIGTERM', ...(graceMs !== undefined && { graceMs }) }),
      terminate: () => signal('SIGTERM'),
      mayHaveEnded: () => this.#start.debugger?.look(this.#finish),
      giveUp: (why, facts) =>
        this.#instance.fail({ ...this.#failure(why, { code: null, signal: null }), ...facts }),
    };
  }

  /**
   * What the program printed before its answer, to an event or a hook, lies in pipes, and belongs before it. They are read in the turn of the loop
   * that brought the answer, or for certain in the next.
   */
  #hold(say: () => void): void {
    this.#held.push(say);
    setImmediate(() => setImmediate(() => this.#release(this.#held.indexOf(say) + 1)));
  }

  #release(count: number): void {
    for (const say of this.#held.splice(0, count)) say();
  }

  #sayLoaded(): void {
    this.#serving = true;
    const times =
      this.#hookStartUs === undefined
        ? {}
        : { initStartUs: this.#hookStartUs, initEndUs: this.#hookEndUs ?? this.#readyUs! };
    this.#instance.say({
      type: 'loaded',
      loadStartUs: this.#startedUs,
      loadEndUs: this.#hookStartUs ?? this.#readyUs!,
      ...times,
    });
  }

  #sayInitFailed(error: RawError): void {
    this.#serving = true;
    this.#instance.say({
      type: 'loadFailed',
      phase: this.#hookStartUs === undefined ? 'load' : 'init',
      startUs: this.#startedUs,
      endUs: this.#instance.clock.nowUs(),
      error,
    });
  }

  /** The program waits in its debugger until somebody has attached, or nobody will. */
  #inspect(): void {
    const { debugger: debugging, notDebugged } = this.#start;
    if (!debugging) {
      const why = notDebugged ?? { declined: 'it was started before debugging began.' };
      this.#instance.say({ type: 'inspector', url: '', ...why });
      return;
    }
    void debugging.listening.then(async (url) => {
      await debugging.alone();
      this.#instance.say({ type: 'inspector', url });
    });
  }

  #failure(why: StartFailure['why'], exit: { code: number | null; signal: string | null }): StartFailure {
    const { program } = this.#facts;
    return {
      why,
      command: commandText(program),
      program: this.#start.program,
      byDefault: program.command.length === 1 && program.command[0] === defaultCommand,
      ...exit,
      output: this.#output.text(),
    };
  }
}

/** Why the system could not start it. */
function reasonOf(error: Error): StartFailure['why'] {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return 'denied';
    case 'ENOEXEC':
      return 'format';
    default:
      return 'missing';
  }
}
