import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../extension/extension.ts';
import type { FolderHost } from '../../extension/hostClient/folderHost.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import { expectedMoves, type Replacement } from './movedLines.ts';
import { SentBreakpoints } from './sentBreakpoints.ts';
import { waitingFor } from './waitingFor.ts';

/** Where a debugger stopped. */
export interface Stop {
  session: vscode.DebugSession;
  threadId: number;
  reason: string;
  /** When the debugger said so, and when it is known where; milliseconds of `performance.now()`. */
  stoppedAtMs: number;
  shownAtMs: number;
  frameId: number;
  function: string;
  /** Base name of the file, colon, line. */
  at: string;
  /** The frames that the call stack shows, from the innermost. */
  frames: string[];
}

/** What js-debug says of a line for the Debug Console. */
export interface Output {
  text: string;
  source: string | undefined;
  line: number | undefined;
}

interface OutputBody {
  output: string;
  source?: { path?: string };
  line?: number;
}

interface StackFrame {
  id: number;
  name: string;
  line: number;
  source?: { name?: string; path?: string; presentationHint?: string };
}

/** For a call that ended where a stop was due: what there is to know of why. */
const missed = (expected: string) => (record: InvocationRecord) => {
  const { status, startKind, debugged, notes, error } = record;
  const facts = JSON.stringify({ status, startKind, debugged, notes, error: error?.message });
  return assert.fail(`The call did not stop at ${expected}: ${facts}`);
};

/** Plays the person who debugs: sets breakpoints, invokes, waits for stops. One per suite. */
export class DebugDriver {
  readonly api: TestApi;
  readonly host: FolderHost;
  readonly folder: vscode.WorkspaceFolder;
  /** Names of sessions that began, and of those that ended. */
  readonly started: string[] = [];
  readonly ended: string[] = [];
  /** Off: stops are not told, and nothing is asked of the debugger because of them. */
  looksAtStops = true;
  #stops: Stop[] = [];
  #waiting: Deferred<Stop>[] = [];
  #subscriptions: vscode.Disposable[] = [];
  /** Sessions with an instance; js-debug's outer ones set no breakpoints. */
  #attached = new Set<vscode.DebugSession>();
  #printed = new vscode.EventEmitter<Output>();
  #sentBreakpoints = new SentBreakpoints();

  private constructor(api: TestApi, host: FolderHost, folder: vscode.WorkspaceFolder) {
    this.api = api;
    this.host = host;
    this.folder = folder;
    const { debug } = vscode;
    this.#subscriptions.push(
      ...['pwa-node', 'porchlight-python', 'porchlight-go'].map((type) =>
        debug.registerDebugAdapterTrackerFactory(type, {
          createDebugAdapterTracker: (session) =>
            session.workspaceFolder?.index !== folder.index
              ? undefined
              : {
                  onWillReceiveMessage: (message) => this.#sentBreakpoints.asked(session, message),
                  onDidSendMessage: (message: {
                    event?: string;
                    command?: string;
                    body?: { threadId: number; reason: string };
                  }) => {
                    if (this.looksAtStops && message.event === 'stopped' && message.body)
                      void this.#stopped(session, message.body);
                    if (message.event === 'output') this.#print(message.body as unknown as OutputBody);
                    this.#sentBreakpoints.answered(session, message);
                  },
                },
        }),
      ),
      debug.onDidStartDebugSession((session) => {
        if (session.workspaceFolder?.index !== folder.index) return;
        this.started.push(session.name);
        if (session.parentSession?.parentSession || /^porchlight-(python|go)$/.test(session.type))
          this.#attached.add(session);
      }),
      debug.onDidTerminateDebugSession((session) => {
        if (session.workspaceFolder?.index !== folder.index) return;
        this.ended.push(session.name);
        this.#attached.delete(session);
      }),
    );
  }

  /** Waits until the functions of one of the workspace's folders are listed. */
  static async create(index = 0): Promise<DebugDriver> {
    const extension = vscode.extensions.getExtension<TestApi>('porchlight.porchlight');
    const api = await extension?.activate();
    assert.ok(api, 'the extension gives tests nothing to work with');
    const folder = vscode.workspace.workspaceFolders?.[index];
    const host = folder && api.hosts.find(folder.uri.toString());
    assert.ok(folder && host, 'no folder is open');
    await host.api();
    return new DebugDriver(api, host, folder);
  }

  file(path: string): vscode.Uri {
    return vscode.Uri.file(join(this.folder.uri.fsPath, path));
  }

  /** Sets a breakpoint on the first line that contains a text. */
  async breakAt(path: string, text: string): Promise<vscode.SourceBreakpoint> {
    const document = await vscode.workspace.openTextDocument(this.file(path));
    const line = document
      .getText()
      .split(/\r?\n/)
      .findIndex((candidate) => candidate.includes(text));
    assert.ok(line >= 0, `${path} has no line with ${text}`);
    const position = new vscode.Position(line, 0);
    const breakpoint = new vscode.SourceBreakpoint(new vscode.Location(document.uri, position));
    vscode.debug.addBreakpoints([breakpoint]);
    return breakpoint;
  }

  /** Invokes and gives the finished record. */
  async invoke(
    name: string,
    event: unknown,
    startKind?: 'cold' | 'prewarmed' | 'warm',
  ): Promise<InvocationRecord> {
    const api = await this.host.api();
    const data = JSON.stringify(event);
    return api.invoke({ function: name, event: { encoding: 'utf8', data }, ...(startKind && { startKind }) });
  }

  /** The next stop, also one that came before it was asked for. */
  stop(): Promise<Stop> {
    const known = this.#stops.shift();
    if (known) return Promise.resolve(known);
    const waiting = new Deferred<Stop>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  async resume(stop: Stop): Promise<void> {
    await stop.session.customRequest('continue', { threadId: stop.threadId });
  }

  /** Takes a step from a stop to the next one. */
  async step(stop: Stop, how: 'next' | 'stepIn' | 'stepOut'): Promise<Stop> {
    await stop.session.customRequest(how, { threadId: stop.threadId });
    return this.stop();
  }

  /** Resumes at each of the expected stops, in this order, until the invocation is answered. */
  async passing(answer: Promise<InvocationRecord>, stops: string[]): Promise<InvocationRecord> {
    for (const expected of stops) {
      const stop = await Promise.race([this.stop(), answer.then(missed(expected))]);
      assert.equal(stop.at, expected);
      await this.resume(stop);
    }
    const extra = this.stop();
    const record = await Promise.race([answer, extra.then((stop) => assert.fail(`stopped at ${stop.at}`))]);
    this.#waiting = [];
    return record;
  }

  /** Replaces texts of a file in its editor, where breakpoints move along, and saves. */
  async edit(path: string, changes: [before: string, after: string][]): Promise<void> {
    await this.spareReady();
    const document = await vscode.workspace.openTextDocument(this.file(path));
    const before = vscode.window.activeTextEditor?.document;
    const editor = await vscode.window.showTextDocument(document);
    // Breakpoints move along with text once their lines are decorated: the editor does that some 30 ms after it shows a
    // file, and tells nobody. No person types before.
    if (before !== document) await new Promise((resolve) => setTimeout(resolve, 1000));
    const replacements = changes.map(([before, after]): Replacement => {
      const start = document.getText().indexOf(before);
      assert.ok(start >= 0, `${path} has no ${before}`);
      const from = document.positionAt(start);
      // Nobody types again what is there: what stays stays, and only moves.
      return after.endsWith(before)
        ? { range: new vscode.Range(from, from), text: after.slice(0, -before.length) }
        : { range: new vscode.Range(from, document.positionAt(start + before.length)), text: after };
    });
    const moves = expectedMoves(document, replacements);
    const done = await editor.edit((builder) => {
      for (const { range, text } of replacements) builder.replace(range, text);
    });
    assert.ok(done);
    const lineOf = (id: string) =>
      (vscode.debug.breakpoints.find((one) => one.id === id) as vscode.SourceBreakpoint).location.range.start
        .line;
    await this.until(
      () => moves.every(({ id, to }) => lineOf(id) === to),
      vscode.debug.onDidChangeBreakpoints,
    );
    // The event may come after `save` has resolved; whoever listens knows of it by then.
    const saved = new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.toString() !== document.uri.toString()) return;
        subscription.dispose();
        resolve();
      });
    });
    // The editor sends breakpoints that moved when its file watcher notices the save, some 100 ms later: too soon for a
    // person to call. Sessions of replaced instances end unanswered.
    const moved = moves.some(({ from, to }) => from !== to) ? this.breakpointsSet() : undefined;
    assert.ok(await document.save());
    await Promise.all([saved, moved]);
  }

  /** Waits until every session there is now has set breakpoints anew, as the editor has them then, or has ended. */
  breakpointsSet(): Promise<void> {
    const sent = this.#sentBreakpoints;
    const waiting = new Set(this.#attached);
    const answered = new Set<vscode.DebugSession>();
    const answers = sent.onDidSet((session) => {
      if (sent.hasBegun(session)) answered.add(session);
    });
    // One that is moved is removed and set again: two requests.
    const done = (session: vscode.DebugSession) =>
      !this.#attached.has(session) || (answered.has(session) && sent.isUpToDate(session));
    return this.until(
      () => [...waiting].every(done),
      sent.onDidSet,
      vscode.debug.onDidChangeBreakpoints,
      vscode.debug.onDidTerminateDebugSession,
    ).finally(() => answers.dispose());
  }

  /** For messages: what the sessions there are were told of breakpoints. */
  untoldSessions(): string {
    return this.#sentBreakpoints.describe([...this.#attached]);
  }

  /** The next line for the Debug Console that matches; ask before it comes. */
  output(text: RegExp): Promise<Output> {
    return new Promise((resolve) => {
      const subscription = this.#printed.event((output) => {
        if (!text.test(output.text)) return;
        subscription.dispose();
        resolve(output);
      });
    });
  }

  /** What ticking boxes of exceptions in the Breakpoints view sends to every session with an instance. */
  async stopAtExceptions(...filters: ('all' | 'uncaught')[]): Promise<void> {
    // The host knows of an attached instance before the editor tells of its session.
    await this.until(() => this.#attached.size > 0, vscode.debug.onDidStartDebugSession);
    const sessions = [...this.#attached];
    // One of an instance that was just replaced may end meanwhile; what fails otherwise fails the test by its time-out.
    const ended = (one: vscode.DebugSession) =>
      this.until(
        () => !this.#attached.has(one),
        vscode.debug.onDidTerminateDebugSession as vscode.Event<unknown>,
      );
    await Promise.all(
      sessions.map((one) =>
        one.customRequest('setExceptionBreakpoints', { filters }).then(undefined, () => ended(one)),
      ),
    );
  }

  /** Waits until a function has a spare with a debugger. */
  spareOf(name: string): Promise<void> {
    const { mirror } = this.host;
    const ready = () =>
      mirror.functions.some(
        (fn) =>
          fn.name === name && fn.instances.some(({ debugged, phase }) => debugged && phase === 'prewarmed'),
      );
    return this.until(ready, mirror.onDidChange as vscode.Event<unknown>);
  }

  /** Waits until every debugged function in use has a spare with a debugger: nobody edits as fast as a test. */
  async spareReady(): Promise<void> {
    const { mirror } = this.host;
    const ready = () =>
      mirror.functions.every(
        ({ instances }) =>
          !instances.some(({ debugged, calls }) => debugged && calls > 0) ||
          instances.some(({ debugged, phase }) => debugged && phase === 'prewarmed'),
      );
    await this.until(ready, mirror.onDidChange as vscode.Event<unknown>);
  }

  /** Debugs only these functions. */
  async debug(...functions: string[]): Promise<void> {
    const configuration = { type: 'porchlight', request: 'launch', name: 'Functions', functions };
    assert.ok(await vscode.debug.startDebugging(this.folder, configuration));
    await this.debugging();
  }

  /** Waits until the host debugs, after the session was started by someone else. */
  async debugging(): Promise<void> {
    const { debugging } = this.api;
    if (!debugging.find(this.host)) {
      await new Promise<void>((resolve) => {
        const subscription = debugging.onDidChange(() => {
          if (!debugging.find(this.host)) return;
          subscription.dispose();
          resolve();
        });
      });
    }
    await debugging.find(this.host)?.started;
  }

  /** The value an expression has where the debugger stopped. */
  async evaluate(stop: Stop, expression: string): Promise<string> {
    const answer = (await stop.session.customRequest('evaluate', {
      expression,
      frameId: stop.frameId,
      context: 'watch',
    })) as { result: string };
    return answer.result;
  }

  /** Variables of the innermost scope, as the Variables view shows them. */
  async locals(stop: Stop): Promise<Record<string, string>> {
    const { scopes } = (await stop.session.customRequest('scopes', { frameId: stop.frameId })) as {
      scopes: { name: string; variablesReference: number }[];
    };
    const { variables } = (await stop.session.customRequest('variables', {
      variablesReference: scopes[0]!.variablesReference,
    })) as { variables: { name: string; value: string }[] };
    return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  }

  /** Ends debugging, waits until every session is gone, and frees the instances. */
  async end(): Promise<void> {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await waitingFor(
      () => 'the command to stop',
      Promise.resolve(vscode.commands.executeCommand('porchlight.stopDebugging')),
    );
    await waitingFor(
      () => `sessions to end: ${JSON.stringify({ began: this.started, ended: this.ended })}`,
      this.allEnded(),
    );
    this.#stops = [];
    this.#waiting = [];
    await waitingFor(() => 'instances to stop', this.#stopInstances());
  }

  async #stopInstances(): Promise<void> {
    const api = await this.host.api();
    const instances = this.host.mirror.functions.flatMap((state) => state.instances);
    for (const { id, phase } of instances)
      if (phase !== 'stopping') await api.stopInstance(id).catch(() => {});
  }

  /**
   * Waits until every session that began has ended. The editor does not tell of the end of one that was stopped while it
   * began; it has no active session then.
   */
  allEnded(): Promise<void> {
    return this.until(
      () => this.ended.length >= this.started.length || vscode.debug.activeDebugSession === undefined,
      vscode.debug.onDidTerminateDebugSession,
      vscode.debug.onDidChangeActiveDebugSession,
    );
  }

  /** Waits until another host runs than the one with this process id, and knows that it is to debug. */
  async hostRestarted(pid: number): Promise<void> {
    const { host } = this;
    const restarted = () => host.state.kind === 'running' && host.state.pid !== pid;
    const debugs = () =>
      host.mirror.functions.some((state) => state.instances.some(({ debugged }) => debugged));
    await new Promise<void>((resolve) => {
      const check = () => {
        if (!restarted() || !debugs()) return;
        for (const subscription of subscriptions) subscription.dispose();
        resolve();
      };
      const subscriptions = [host.onDidChangeState(check), host.mirror.onDidChange(check)];
    });
  }

  /** Waits until the editor knows that an instance is gone. */
  async gone(instance: string | undefined): Promise<void> {
    const { mirror } = this.host;
    const listed = () => mirror.functions.some((state) => state.instances.some(({ id }) => id === instance));
    if (!listed()) return;
    await new Promise<void>((resolve) => {
      const subscription = mirror.onDidChange(() => {
        if (listed()) return;
        subscription.dispose();
        resolve();
      });
    });
  }

  /** Waits for events until something holds. */
  async until(holds: () => boolean, ...events: vscode.Event<unknown>[]): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const subscriptions = events.map((event) =>
        event(() => {
          if (!holds()) return;
          for (const subscription of subscriptions) subscription.dispose();
          resolve();
        }),
      );
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #print({ output, source, line }: OutputBody): void {
    this.#printed.fire({ text: output, source: source?.path, line });
  }

  async #stopped(
    session: vscode.DebugSession,
    { threadId, reason }: { threadId: number; reason: string },
  ): Promise<void> {
    const stoppedAtMs = performance.now();
    const { stackFrames } = (await session.customRequest('stackTrace', { threadId, levels: 20 })) as {
      stackFrames: StackFrame[];
    };
    const shownAtMs = performance.now();
    const [top] = stackFrames;
    assert.ok(top, 'the debugger stopped without a stack');
    const frames = stackFrames
      .filter(({ source }) => source && source.presentationHint !== 'deemphasize')
      .map((frame) => `${frame.name} ${frame.source?.path?.split(/[\\/]/).at(-1)}:${frame.line}`);
    const at = `${top.source?.path?.split(/[\\/]/).at(-1) ?? '?'}:${top.line}`;
    const stop: Stop = {
      session,
      threadId,
      reason,
      stoppedAtMs,
      shownAtMs,
      frameId: top.id,
      function: top.name,
      at,
      frames,
    };
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(stop);
    else this.#stops.push(stop);
  }
}
