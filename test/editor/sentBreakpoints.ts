import type { DebugProtocol } from '@vscode/debugprotocol';
import * as vscode from 'vscode';

/** One breakpoint in a session: what it is, where it was asked for and where the debugger put it. Lines count from 1. */
interface Sent {
  kind: string;
  lines: (number | undefined)[];
}

const kindOf = ({
  condition = '',
  hitCondition = '',
  logMessage = '',
}: Partial<Record<'condition' | 'hitCondition' | 'logMessage', string | undefined>>): string =>
  [condition, hitCondition, logMessage].join('\n');

/** Which breakpoints each session has been told of, so that a test can wait until they are those of the editor. */
export class SentBreakpoints {
  readonly #asked = new Map<string, DebugProtocol.SetBreakpointsArguments>();
  readonly #sent = new Map<string, Map<string, Sent[]>>();
  readonly #set = new vscode.EventEmitter<vscode.DebugSession>();
  readonly #begun = new Set<string>();
  /** The request that was answered last, of those made last, by session and file. */
  readonly #latest = new Map<string, number>();

  /** A session answered a request to set breakpoints, or has been told of all there were when it began. */
  readonly onDidSet = this.#set.event;

  asked(session: vscode.DebugSession, message: unknown): void {
    const { command, seq, arguments: given } = message as DebugProtocol.Request;
    if (command === 'setBreakpoints')
      this.#asked.set(`${session.id} ${seq}`, given as DebugProtocol.SetBreakpointsArguments);
    if (command !== 'configurationDone') return;
    this.#begun.add(session.id);
    this.#set.fire(session);
  }

  /**
   * Whether a session has been told of all breakpoints there were when it began. Until then it may miss a change, and
   * hears of nothing when no breakpoint is left.
   */
  hasBegun(session: vscode.DebugSession): boolean {
    return this.#begun.has(session.id);
  }

  answered(session: vscode.DebugSession, message: unknown): void {
    const { type, request_seq, body } = message as DebugProtocol.SetBreakpointsResponse;
    const key = `${session.id} ${request_seq}`;
    const asked = type === 'response' ? this.#asked.get(key) : undefined;
    if (!asked) return;
    this.#asked.delete(key);
    // A debugger that just begins may answer two requests in another order.
    const place = `${session.id} ${asked.source.path}`;
    if ((this.#latest.get(place) ?? 0) > request_seq) return;
    this.#latest.set(place, request_seq);
    const files = this.#sent.get(session.id) ?? new Map<string, Sent[]>();
    const sent = (asked.breakpoints ?? []).map((one, index) => ({
      kind: kindOf(one),
      lines: [one.line, body?.breakpoints?.[index]?.line],
    }));
    this.#sent.set(session.id, files.set(asked.source.path ?? '', sent));
    this.#set.fire(session);
  }

  /** The editor's breakpoints and what sessions were told last, for messages. */
  describe(sessions: readonly vscode.DebugSession[]): string {
    const told = sessions.map((session) => ({
      name: session.name,
      begun: this.hasBegun(session),
      told: [...(this.#sent.get(session.id) ?? [])].flatMap(([path, all]) =>
        all.map(({ kind, lines }) => `${path.split(/[\\/]/).at(-1)}:${lines.join('→')} ${kind}`.trim()),
      ),
    }));
    const set = vscode.debug.breakpoints.map((one) =>
      one instanceof vscode.SourceBreakpoint
        ? `${one.location.uri.path.split('/').at(-1)}:${one.location.range.start.line + 1} ${kindOf(one)}`.trim()
        : one.id,
    );
    return `sessions to know the breakpoints ${JSON.stringify(set)}: ${JSON.stringify(told)}`;
  }

  /** Whether what a session was told last is what the editor has now. */
  isUpToDate(session: vscode.DebugSession): boolean {
    const files = this.#sent.get(session.id) ?? new Map<string, Sent[]>();
    const wanted = new Map<string, vscode.SourceBreakpoint[]>([...files.keys()].map((path) => [path, []]));
    for (const one of vscode.debug.breakpoints) {
      if (!(one instanceof vscode.SourceBreakpoint) || !one.enabled) continue;
      const path = one.location.uri.fsPath;
      wanted.set(path, [...(wanted.get(path) ?? []), one]);
    }
    return [...wanted].every(([path, all]) => {
      const sent = files.get(path) ?? [];
      const has = (one: vscode.SourceBreakpoint) =>
        sent.some(
          ({ kind, lines }) => kind === kindOf(one) && lines.includes(one.location.range.start.line + 1),
        );
      return sent.length === all.length && all.every(has);
    });
  }
}
