import type { DebugProtocol } from '@vscode/debugprotocol';
import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../../runtime/support/emitter.ts';
import type { EditorApi } from '../../editor/editorApi.ts';
import { attachedInstance } from '../configuration.ts';
import type { ToldOfBreakpoint } from './facts.ts';

/** One breakpoint of a file in one session. Lines count from 1. */
interface Told {
  file: string;
  asked: number;
  id: number | undefined;
  verified: boolean;
  line: number | undefined;
}

interface SessionNotes {
  instance: string;
  live: boolean;
  breakpoints: Told[];
  /** How many breakpoints the editor sent by file: none, although there are some, when all are off. */
  sent: Map<string, number>;
}

/** Sessions that are over and remembered. */
const maxOver = 50;

/**
 * What js-debug tells the editor of the breakpoints in our instances: where it set them, on which line, and when it stopped
 * at one. Sessions that are over are remembered for a while, as an instance may end with its call.
 */
export class ToldBreakpoints implements Disposable {
  #sessions: SessionNotes[] = [];
  #stops = new Map<string, number>();
  #store = new DisposableStore();
  #normalize: (path: string) => string;
  #changed: Emitter<void>;

  constructor(api: Pick<EditorApi, 'debug'>, normalize: (path: string) => string) {
    this.#normalize = normalize;
    this.#changed = this.#store.add(new Emitter<void>());
    this.#store.add(
      api.debug.registerDebugAdapterTrackerFactory('pwa-node', {
        createDebugAdapterTracker: (session) => this.track(session.parentSession),
      }),
    );
  }

  /** A debugger told something new. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** Follows a session below one that we attached; nothing for sessions of others. */
  track(parent: vscode.DebugSession | undefined): vscode.DebugAdapterTracker | undefined {
    const instance = parent && attachedInstance(parent.configuration);
    if (instance === undefined) return undefined;
    const notes: SessionNotes = { instance, live: true, breakpoints: [], sent: new Map() };
    this.#sessions.push(notes);
    const asked = new Map<number, DebugProtocol.SetBreakpointsArguments>();
    return {
      onWillReceiveMessage: (message: DebugProtocol.Request) => {
        if (message.command === 'setBreakpoints')
          asked.set(message.seq, message.arguments as DebugProtocol.SetBreakpointsArguments);
      },
      onDidSendMessage: (message: DebugProtocol.ProtocolMessage) => {
        if (message.type === 'event') this.#event(notes, message as DebugProtocol.Event);
        else if (message.type === 'response') {
          const response = message as DebugProtocol.SetBreakpointsResponse;
          const question = asked.get(response.request_seq);
          asked.delete(response.request_seq);
          if (question) this.#answered(notes, question, response);
        }
      },
      onWillStopSession: () => this.#over(notes),
      onExit: () => this.#over(notes),
    };
  }

  /** What is known of a breakpoint: in sessions that live, and in that of an instance which may have ended. */
  of(file: string, line: number, instance?: string): ToldOfBreakpoint {
    const path = this.#normalize(file);
    const found = this.#sessions
      .filter((notes) => (notes.live && instance === undefined) || notes.instance === instance)
      .flatMap((notes) =>
        notes.breakpoints
          .filter((one) => one.file === path && one.verified && (one.asked === line || one.line === line))
          .map((one) => ({ instance: notes.instance, line: one.line })),
      );
    const at = found[0]?.line;
    return {
      instances: [...new Set(found.map((one) => one.instance))],
      stops: this.#stops.get(`${path}:${at ?? line}`) ?? 0,
      ...(at === undefined ? {} : { line: at }),
    };
  }

  /** Whether debuggers were sent no breakpoint of a file, although they were asked about it. */
  wasSentNone(file: string): boolean {
    const path = this.#normalize(file);
    const counts = this.#sessions.flatMap((notes) => (notes.live ? (notes.sent.get(path) ?? []) : []));
    return counts.length > 0 && counts.every((count) => count === 0);
  }

  #answered(
    notes: SessionNotes,
    { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments,
    { success, body }: DebugProtocol.SetBreakpointsResponse,
  ): void {
    if (source.path === undefined) return;
    const file = this.#normalize(source.path);
    notes.sent.set(file, breakpoints.length);
    const others = notes.breakpoints.filter((one) => one.file !== file);
    const answers = success ? body.breakpoints : [];
    const told = breakpoints.map((asked, i): Told => {
      const answer = answers[i];
      const verified = answer?.verified ?? false;
      return { file, asked: asked.line, id: answer?.id, verified, line: verified ? answer?.line : undefined };
    });
    notes.breakpoints = [...others, ...told];
    this.#changed.fire();
  }

  #event(notes: SessionNotes, event: DebugProtocol.Event): void {
    if (event.event === 'breakpoint') {
      const { breakpoint } = (event as DebugProtocol.BreakpointEvent).body;
      const known = notes.breakpoints.find(({ id }) => id !== undefined && id === breakpoint.id);
      if (!known) return;
      known.verified = breakpoint.verified;
      known.line = breakpoint.verified ? breakpoint.line : undefined;
      this.#changed.fire();
    } else if (event.event === 'stopped') {
      const { hitBreakpointIds = [] } = (event as DebugProtocol.StoppedEvent).body;
      for (const { file, id, line, asked } of notes.breakpoints) {
        if (id === undefined || !hitBreakpointIds.includes(id)) continue;
        const key = `${file}:${line ?? asked}`;
        this.#stops.set(key, (this.#stops.get(key) ?? 0) + 1);
      }
      this.#changed.fire();
    }
  }

  #over(notes: SessionNotes): void {
    if (!notes.live) return;
    notes.live = false;
    const over = this.#sessions.filter(({ live }) => !live);
    const dropped = new Set(over.slice(0, Math.max(0, over.length - maxOver)));
    this.#sessions = this.#sessions.filter((one) => !dropped.has(one));
    this.#changed.fire();
  }

  dispose(): void {
    this.#store.dispose();
  }
}
