import type { BoundPlace, DebugLedger } from '../debugRelay.ts';
import { readReply, recordOf, type GeneratedPosition } from './inspectorMessages.ts';

interface Breakpoint {
  places: GeneratedPosition[];
  hits: number;
  lastHitAt?: number;
}

const limits = { scripts: 20_000, breakpoints: 2000, pending: 2000, command: 64 * 1024 } as const;

const commandMark = Buffer.from('"Debugger.');
const scriptParsed = '{"method":"Debugger.scriptParsed"';
const breakpointResolved = '{"method":"Debugger.breakpointResolved"';
const paused = '{"method":"Debugger.paused"';
const resolvedMark = Buffer.from('"resolvedBreakpoints"');
/** An inline source map makes the message long; what matters stands before it. */
const scriptHead = /"scriptId":"(\d+)","url":"((?:[^"\\]|\\.)*)"/;

/**
 * Which breakpoints are set in one instance, and what it has loaded, from the messages between it and its debugger. Knows
 * only places in the code that ran; whoever asks maps them to sources.
 */
export class BreakpointLedger implements DebugLedger {
  readonly #epochMs: () => number;
  /** Addresses of scripts that come from files, by V8's id. */
  readonly #scripts = new Map<string, string>();
  readonly #pending = new Set<number>();
  readonly #breakpoints = new Map<string, Breakpoint>();

  constructor(epochMs: () => number) {
    this.#epochMs = epochMs;
  }

  /** `file:` URLs and paths of everything that was loaded from a file. */
  get scripts(): Iterable<string> {
    return this.#scripts.values();
  }

  get bound(): BoundPlace[] {
    return [...this.#breakpoints.values()].flatMap(({ places, hits, lastHitAt }) =>
      places.map((place) => ({ ...place, hits, ...(lastHitAt === undefined ? {} : { lastHitAt }) })),
    );
  }

  /** A message of the debugger passes by. */
  fromClient(message: Buffer): void {
    if (message.length > limits.command || !message.includes(commandMark)) return;
    const command = recordOf(message);
    const id = command?.['id'];
    const params = command?.['params'] as Record<string, unknown> | undefined;
    if (typeof id !== 'number') return;
    switch (command?.['method']) {
      case 'Debugger.setBreakpoint':
      case 'Debugger.setBreakpointByUrl':
        if (this.#pending.size < limits.pending) this.#pending.add(id);
        break;
      case 'Debugger.removeBreakpoint':
        if (typeof params?.['breakpointId'] === 'string') this.#breakpoints.delete(params['breakpointId']);
        break;
    }
  }

  /** A message of the instance passes by; of a long one that comes in pieces, the first. */
  fromInspector(piece: Buffer, whole: boolean): void {
    const head = piece.toString('latin1', 0, Math.min(piece.length, breakpointResolved.length));
    if (head.startsWith(scriptParsed)) this.#scriptParsed(piece, whole);
    else if (!whole) return;
    else if (head.startsWith(breakpointResolved)) this.#resolved(piece);
    else if (head.startsWith(paused)) this.#paused(piece);
    else if (this.#pending.size > 0 && head.startsWith('{"id":')) this.#replied(head, piece);
  }

  #scriptParsed(piece: Buffer, whole: boolean): void {
    const found = scriptHead.exec(piece.toString('utf8', 0, Math.min(piece.length, 8192)));
    if (!found || this.#scripts.size >= limits.scripts) return;
    const url = JSON.parse(`"${found[2]}"`) as string;
    // Code made at run time and Node's own has no file that somebody could set a breakpoint in.
    if (url.startsWith('file:') || url.startsWith('/') || /^[a-z]:[\\/]/i.test(url))
      this.#scripts.set(found[1]!, url);
    // Later versions of V8 tell of breakpoints along with the script.
    if (!whole || !piece.includes(resolvedMark)) return;
    const params = recordOf(piece)?.['params'] as Record<string, unknown> | undefined;
    const resolved: unknown = params?.['resolvedBreakpoints'];
    for (const one of Array.isArray(resolved) ? (resolved as Record<string, unknown>[]) : [])
      this.#add(one['breakpointId'], [one['location']]);
  }

  #resolved(message: Buffer): void {
    const params = recordOf(message)?.['params'] as Record<string, unknown> | undefined;
    this.#add(params?.['breakpointId'], [params?.['location']]);
  }

  #replied(head: string, message: Buffer): void {
    const id = Number(/^\{"id":(\d+)/.exec(head)?.[1]);
    if (!this.#pending.delete(id)) return;
    const result = readReply(message);
    const { locations, actualLocation } = result ?? {};
    this.#add(result?.['breakpointId'], Array.isArray(locations) ? locations : [actualLocation]);
  }

  #paused(message: Buffer): void {
    const params = recordOf(message)?.['params'] as Record<string, unknown> | undefined;
    const ids: unknown = params?.['hitBreakpoints'];
    for (const id of Array.isArray(ids) ? ids : []) {
      const breakpoint = this.#breakpoints.get(String(id));
      if (!breakpoint) continue;
      breakpoint.hits++;
      breakpoint.lastHitAt = this.#epochMs();
    }
  }

  #add(id: unknown, locations: unknown[]): void {
    if (typeof id !== 'string') return;
    const places = locations.flatMap((location) => this.#place(location) ?? []);
    const known = this.#breakpoints.get(id);
    if (known) known.places.push(...places);
    else if (places.length > 0 && this.#breakpoints.size < limits.breakpoints)
      this.#breakpoints.set(id, { places, hits: 0 });
  }

  #place(location: unknown): GeneratedPosition | undefined {
    const { scriptId, lineNumber, columnNumber } = (location ?? {}) as Record<string, unknown>;
    const url = this.#scripts.get(String(scriptId));
    if (url === undefined || typeof lineNumber !== 'number') return undefined;
    return { url, line: lineNumber + 1, column: (typeof columnNumber === 'number' ? columnNumber : 0) + 1 };
  }
}
