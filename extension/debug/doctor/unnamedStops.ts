import type { DebugProtocol } from '@vscode/debugprotocol';

/** A place a debugger stopped at. */
export interface StopPlace {
  file: string;
  line: number;
}

/**
 * Finds out where a debugger stopped that does not say at which of its breakpoints (`debugpy` before 1.8): by the stack that
 * the editor asks for next. One per session.
 */
export class UnnamedStops {
  /** Threads that stopped and whose place is not known yet. */
  readonly #stopped = new Set<number>();
  readonly #asked = new Map<number, number>();

  event({ event, body }: DebugProtocol.Event): void {
    if (event !== 'stopped') return;
    const { reason, threadId, hitBreakpointIds } = body as DebugProtocol.StoppedEvent['body'];
    if (threadId === undefined) return;
    if (reason === 'breakpoint' && !hitBreakpointIds?.length) this.#stopped.add(threadId);
    else this.#stopped.delete(threadId);
  }

  /** The editor asks for something. */
  asked({ command, seq, arguments: given }: DebugProtocol.Request): void {
    if (command !== 'stackTrace' || this.#stopped.size === 0) return;
    const { threadId, startFrame = 0 } = given as DebugProtocol.StackTraceArguments;
    if (startFrame === 0 && this.#stopped.has(threadId)) this.#asked.set(seq, threadId);
  }

  /** Where something stopped, when this answer is the first to say so. */
  answered({ request_seq, success, body }: DebugProtocol.Response): StopPlace | undefined {
    const thread = this.#asked.get(request_seq);
    this.#asked.delete(request_seq);
    if (thread === undefined || !success || !this.#stopped.delete(thread)) return undefined;
    const [top] = (body as DebugProtocol.StackTraceResponse['body']).stackFrames;
    const file = top?.source?.path;
    return file === undefined || !top ? undefined : { file, line: top.line };
  }
}
