import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../extension/extension.ts';
import type { FolderHost } from '../../extension/hostClient/folderHost.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { Deferred } from '../../runtime/support/deferred.ts';

/** Where a debugger stopped. */
export interface Stop {
  session: vscode.DebugSession;
  threadId: number;
  reason: string;
  frameId: number;
  function: string;
  /** Base name of the file, colon, line. */
  at: string;
  /** The frames that the call stack shows, from the innermost. */
  frames: string[];
}

interface StackFrame {
  id: number;
  name: string;
  line: number;
  source?: { name?: string; path?: string; presentationHint?: string };
}

/** Plays the person who debugs: sets breakpoints, invokes, waits for stops. One per suite. */
export class DebugDriver {
  readonly api: TestApi;
  readonly host: FolderHost;
  readonly folder: vscode.WorkspaceFolder;
  /** Names of sessions that began, and of those that ended. */
  readonly started: string[] = [];
  readonly ended: string[] = [];
  #stops: Stop[] = [];
  #waiting: Deferred<Stop>[] = [];
  #subscriptions: vscode.Disposable[] = [];

  private constructor(api: TestApi, host: FolderHost, folder: vscode.WorkspaceFolder) {
    this.api = api;
    this.host = host;
    this.folder = folder;
    const { debug } = vscode;
    this.#subscriptions.push(
      debug.registerDebugAdapterTrackerFactory('pwa-node', {
        createDebugAdapterTracker: (session) => ({
          onDidSendMessage: (message: { event?: string; body?: { threadId: number; reason: string } }) => {
            if (message.event === 'stopped' && message.body) void this.#stopped(session, message.body);
          },
        }),
      }),
      debug.onDidStartDebugSession((session) => this.started.push(session.name)),
      debug.onDidTerminateDebugSession((session) => this.ended.push(session.name)),
    );
  }

  /** Waits until the functions of the workspace's first folder are listed. */
  static async create(): Promise<DebugDriver> {
    const extension = vscode.extensions.getExtension<TestApi>('porchlight.porchlight');
    const api = await extension?.activate();
    assert.ok(api, 'the extension gives tests nothing to work with');
    const [folder] = vscode.workspace.workspaceFolders ?? [];
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

  /** Resumes at each of the expected stops, in this order, until the invocation is answered. */
  async passing(answer: Promise<InvocationRecord>, stops: string[]): Promise<InvocationRecord> {
    for (const expected of stops) {
      const stop = await Promise.race([this.stop(), answer.then(() => undefined)]);
      assert.equal(stop?.at, expected);
      await this.resume(stop!);
    }
    const extra = this.stop();
    const record = await Promise.race([answer, extra.then((stop) => assert.fail(`stopped at ${stop.at}`))]);
    this.#waiting = [];
    return record;
  }

  /** Replaces texts of a file as a person would, so that breakpoints move along, and saves. */
  async edit(path: string, changes: [before: string, after: string][]): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.file(path));
    const edit = new vscode.WorkspaceEdit();
    for (const [before, after] of changes) {
      const start = document.getText().indexOf(before);
      assert.ok(start >= 0, `${path} has no ${before}`);
      const range = new vscode.Range(document.positionAt(start), document.positionAt(start + before.length));
      edit.replace(document.uri, range, after);
    }
    assert.ok(await vscode.workspace.applyEdit(edit));
    // The event may come after `save` has resolved; whoever listens knows of it by then.
    const saved = new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.toString() !== document.uri.toString()) return;
        subscription.dispose();
        resolve();
      });
    });
    assert.ok(await document.save());
    await saved;
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
    await vscode.commands.executeCommand('porchlight.stopDebugging');
    await this.allEnded();
    this.#stops = [];
    this.#waiting = [];
    const api = await this.host.api();
    const instances = this.host.mirror.functions.flatMap((state) => state.instances);
    for (const { id, phase } of instances)
      if (phase !== 'stopping') await api.stopInstance(id).catch(() => {});
  }

  /** Waits until every session that began has ended. */
  allEnded(): Promise<void> {
    return this.until(
      () => this.ended.length >= this.started.length,
      vscode.debug.onDidTerminateDebugSession,
    );
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
  async until(holds: () => boolean, event: vscode.Event<unknown>): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const subscription = event(() => {
        if (!holds()) return;
        subscription.dispose();
        resolve();
      });
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #stopped(
    session: vscode.DebugSession,
    { threadId, reason }: { threadId: number; reason: string },
  ): Promise<void> {
    const { stackFrames } = (await session.customRequest('stackTrace', { threadId, levels: 20 })) as {
      stackFrames: StackFrame[];
    };
    const [top] = stackFrames;
    assert.ok(top, 'the debugger stopped without a stack');
    const frames = stackFrames
      .filter(({ source }) => source && source.presentationHint !== 'deemphasize')
      .map((frame) => `${frame.name} ${frame.source?.path?.split(/[\\/]/).at(-1)}:${frame.line}`);
    const at = `${top.source?.path?.split(/[\\/]/).at(-1) ?? '?'}:${top.line}`;
    const stop: Stop = { session, threadId, reason, frameId: top.id, function: top.name, at, frames };
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(stop);
    else this.#stops.push(stop);
  }
}
