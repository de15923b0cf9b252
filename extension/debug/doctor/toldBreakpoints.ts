import type { DebugProtocol } from '@vscode/debugprotocol';
import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../../runtime/support/emitter.ts';
import { goDebugType, pythonDebugType } from '../../contributions/ids.ts';
import { codeKinds } from '../../../runtime/model/codeFiles.ts';
import type { EditorApi } from '../../editor/editorApi.ts';
import { attachedInstance } from '../configuration.ts';
import type { ToldOfBreakpoint } from './facts.ts';
import { UnnamedStops } from './unnamedStops.ts';

/** One breakpoint of a file in one session. Lines count from 1. */
interface Told {
  file: string;
  asked: number;
  id: number | undefined;
  verified: boolean;
  line: number | undefined;
  message: string | undefined;
}

interface SessionNotes {
  instance: string;
  live: boolean;
  /** `found` and `noted` as in `CodeKind.set`; only one that brings its own debugger says why it refuses. */
  set: 'found' | 'noted';
  explains: boolean;
  breakpoints: Told[];
  /** How many breakpoints the editor sent by file: none, although there are some, when all are off. */
  sent: Map<string, number>;
}

/** Sessions that are over and remembered. */
const maxOver = 50;

/** What debuggers mean by what they say. js-debug has a session of its own below the one that we attached. */
const debuggers = [
  { type: 'pwa-node', set: codeKinds.javascript.set, below: true, explains: false },
  { type: pythonDebugType, set: codeKinds.python.set, below: false, explains: false },
  { type: goDebugType, set: codeKinds.go.set, below: false, explains: true },
] as const;

/**
 * What debuggers tell the editor of the breakpoints in our instances: where they set them, on which line, and when they
 * stopped at one. Sessions that are over are remembered for a while, as an instance may end with its call.
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
    for (const { type, below, ...manner } of debuggers) {
      this.#store.add(
        api.debug.registerDebugAdapterTrackerFactory(type, {
          createDebugAdapterTracker: (session) => this.track(below ? session.parentSession : session, manner),
        }),
      );
    }
    this.#store.add(
      api.debug.onDidChangeBreakpoints(({ added, removed, changed }) => {
        for (const one of [...added, ...removed, ...changed]) this.#forgetStops(one);
      }),
    );
  }

  /** A debugger told something new. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** Follows the session of an instance that we attached; nothing for sessions of others. */
  track(
    attached: vscode.DebugSession | undefined,
    manner: Pick<SessionNotes, 'set' | 'explains'>,
  ): vscode.DebugAdapterTracker | undefined {
    const instance = attached && attachedInstance(attached.configuration);
    if (instance === undefined) return undefined;
    const notes: SessionNotes = { instance, live: true, breakpoints: [], sent: new Map(), ...manner };
    this.#sessions.push(notes);
    const asked = new Map<number, DebugProtocol.SetBreakpointsArguments>();
    const stops = new UnnamedStops();
    return {
      onWillReceiveMessage: (message: DebugProtocol.Request) => {
        if (message.command === 'setBreakpoints')
          asked.set(message.seq, message.arguments as DebugProtocol.SetBreakpointsArguments);
        else stops.asked(message);
      },
      onDidSendMessage: (message: DebugProtocol.ProtocolMessage) => {
        if (message.type === 'event') {
          stops.event(message as DebugProtocol.Event);
          this.#event(notes, message as DebugProtocol.Event);
        } else if (message.type === 'response') {
          const response = message as DebugProtocol.SetBreakpointsResponse;
          const question = asked.get(response.request_seq);
          asked.delete(response.request_seq);
          if (question) this.#answered(notes, question, response);
          const at = stops.answered(message as DebugProtocol.Response);
          if (at) this.#stoppedAt(notes, at.file, at.line);
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
          .map((one) => ({ instance: notes.instance, line: one.line, set: notes.set })),
      );
    const at = found[0]?.line;
    const refused = this.#refusal(path, line, instance);
    const setBy = (set: SessionNotes['set']) => [
      ...new Set(found.flatMap((one) => (one.set === set ? one.instance : []))),
    ];
    const noted = setBy('noted');
    return {
      instances: setBy('found'),
      stops: this.#stops.get(`${path}:${at ?? line}`) ?? 0,
      ...(noted.length > 0 ? { noted } : {}),
      ...(at === undefined ? {} : { line: at }),
      ...(found.length === 0 && refused !== undefined ? { refused } : {}),
    };
  }

  /** The latest that a debugger said of a breakpoint it did not set; once it is over, only of the instance asked about. */
  #refusal(path: string, line: number, instance: string | undefined): string | undefined {
    const sessions = this.#sessions.filter(
      (notes) => notes.explains && (instance === undefined ? notes.live : notes.instance === instance),
    );
    return sessions
      .flatMap(({ breakpoints }) => breakpoints)
      .findLast((one) => one.file === path && one.asked === line && !one.verified)?.message;
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
      const at = verified ? answer?.line : undefined;
      return { file, asked: asked.line, id: answer?.id, verified, line: at, message: answer?.message };
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
        if (id !== undefined && hitBreakpointIds.includes(id)) this.#count(file, line ?? asked);
      }
      this.#changed.fire();
    }
  }

  /** What another breakpoint on the line did before says nothing of one that is new, or has another condition now. */
  #forgetStops(breakpoint: vscode.Breakpoint): void {
    const { location } = breakpoint as Partial<vscode.SourceBreakpoint>;
    if (!location) return;
    const file = this.#normalize(location.uri.fsPath);
    const line = location.range.start.line + 1;
    const put = this.#sessions.flatMap(({ breakpoints }) =>
      breakpoints.flatMap((one) => (one.file === file && one.asked === line ? (one.line ?? []) : [])),
    );
    for (const at of [line, ...put]) this.#stops.delete(`${file}:${at}`);
  }

  #stoppedAt(notes: SessionNotes, path: string, line: number): void {
    const file = this.#normalize(path);
    if (!notes.breakpoints.some((one) => one.file === file && (one.line ?? one.asked) === line)) return;
    this.#count(file, line);
    this.#changed.fire();
  }

  #count(file: string, line: number): void {
    const key = `${file}:${line}`;
    this.#stops.set(key, (this.#stops.get(key) ?? 0) + 1);
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
