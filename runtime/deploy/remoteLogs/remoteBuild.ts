import type { RemoteLogLine } from '../../model/deploy.ts';
import { remoteLimits, type RemoteFacts, type RemoteInvocation } from '../../model/remoteInvocation.ts';
import type { InvocationStatus, SourcePosition } from '../../model/words.ts';
import type { CodePlaces } from './codePlaces.ts';
import type { LineWords } from './logWords.ts';

/** The graver a status is, the later it stands: what one line says is not taken back by a lighter word of another. */
const byGravity: InvocationStatus[] = ['running', 'ok', 'error', 'interrupted', 'crashed', 'oom', 'timeout'];

type BuildFacts = Pick<RemoteBuild, 'scope' | 'attempt' | 'requestId' | 'instance'> &
  Record<'startKind', RemoteFacts['startKind']>;

/** One invocation while its lines are put together. */
export class RemoteBuild {
  /** What tells its request from all others. */
  readonly scope: string;
  /** Which try of the request, from 1. */
  readonly attempt: number;
  readonly requestId: string;
  readonly instance: string;
  readonly lines: { line: RemoteLogLine; words: LineWords }[] = [];
  /** Its handler has begun, and has not ended. */
  open = false;
  ended = false;
  #status: InvocationStatus = 'running';
  #facts: RemoteFacts = {};
  #error: NonNullable<LineWords['error']> | undefined;

  constructor({ scope, attempt, requestId, instance, startKind }: BuildFacts) {
    this.scope = scope;
    this.attempt = attempt;
    this.requestId = requestId;
    this.instance = instance;
    if (startKind !== undefined) this.#facts.startKind = startKind;
  }

  add(line: RemoteLogLine, words: LineWords): void {
    this.lines.push({ line, words });
    const { facts, status, error, edge } = words;
    if (facts) {
      const isCold = this.#facts.startKind === 'cold' || facts.startKind === 'cold';
      this.#facts = { ...this.#facts, ...facts, ...(isCold && { startKind: 'cold' as const }) };
    }
    if (status && byGravity.indexOf(status) > byGravity.indexOf(this.#status)) this.#status = status;
    if (error) this.#error = better(this.#error, error);
    if (edge === 'begin') this.open = true;
    if (edge === 'end') {
      this.open = false;
      this.ended = true;
    }
  }

  /** When the newest of its lines was written. */
  get newest(): number {
    return Math.max(...this.lines.map(({ line }) => line.time));
  }

  /** What is known of it now. */
  finish({
    id,
    target,
    function: fn,
    places,
  }: Pick<RemoteInvocation, 'id' | 'target' | 'function'> & { places: CodePlaces }): RemoteInvocation {
    const startedAt = Math.min(...this.lines.map(({ line }) => line.time));
    const shown = this.lines.flatMap(({ line, words: { entry } }) => (entry ? [{ line, entry }] : []));
    const kept = shown.slice(0, remoteLimits.logEntries);
    const status = this.#finalStatus();
    const failed = !['ok', 'running'].includes(status);
    const { lines: stack, at } = places.read(this.#error?.stack ?? []);
    return {
      id,
      requestId: this.requestId,
      ...{ target, function: fn, startedAt, status },
      ...(this.instance !== '' && { instance: this.instance }),
      ...this.#facts,
      ...(failed &&
        this.#error && {
          error: { type: this.#error.type, message: this.#error.message, stack, ...(at && { at }) },
        }),
      logs: kept.map(({ line, entry }) => ({
        ...entry,
        t: Math.round((line.time - startedAt) * 1000),
        text: entry.text.slice(0, remoteLimits.logTextChars),
        ...placeOf(entry, places),
      })),
      logsDropped: shown.length - kept.length,
    };
  }

  #finalStatus(): InvocationStatus {
    const { memoryMB, maxMemoryMB } = this.#facts;
    // Nobody else kills it than who counts its memory.
    const isFull = memoryMB !== undefined && maxMemoryMB !== undefined && maxMemoryMB >= memoryMB;
    const killed = /signal: killed/.test(this.#error?.message ?? '');
    return this.#status === 'crashed' && killed && isFull ? 'oom' : this.#status;
  }
}

type Told = NonNullable<LineWords['error']>;

/** What is surer counts more, of the same weight what came later; one line may name the type and another one the reason. */
function better(known: Told | undefined, said: Told): Told {
  if (!known) return said;
  const [main, other] = said.weight >= known.weight ? [said, known] : [known, said];
  const alike = main.type === '' || other.type === '' || main.type === other.type;
  if (!alike && main.message !== '') return main;
  return {
    type: main.type || other.type,
    message: main.message || (alike ? other.message : ''),
    stack: main.stack.length > 0 || !alike ? main.stack : other.stack,
    weight: main.weight,
  };
}

/** Lines that complain lead to the code they name. */
function placeOf(
  { level, text }: NonNullable<LineWords['entry']>,
  places: CodePlaces,
): { at?: SourcePosition } {
  if (level !== 'error' && level !== 'warn') return {};
  const { at } = places.read(text.split('\n'));
  return at ? { at } : {};
}
