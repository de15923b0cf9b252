import type { DebugProtocol } from '@vscode/debugprotocol';
import type * as vscode from 'vscode';
import { Emitter } from '../../runtime/support/emitter.ts';
import { l10n } from '../editor/l10n.ts';
import { failureText } from '../../runtime/model/errors.ts';

/** What a session over a folder's functions does; the adapter only speaks the protocol. */
export interface UmbrellaActions {
  /** Rejects with an error whose message is meant for the user. */
  start(): Promise<void>;
  /** Detaches every debugger; instances live on. Never rejects. */
  stop(): Promise<void>;
  /** Whether a file's breakpoints will be set in instances to come, as far as that is known at once. */
  covers(path: string): boolean;
  /** What there is to say of breakpoints that no instance has set, by their lines. Never rejects. */
  describe?(path: string, lines: number[]): Promise<(string | undefined)[]>;
}

type Body = Record<string, unknown>;

interface ShownBreakpoint {
  id: number;
  line: number;
  column?: number;
  message: string;
}

/**
 * The adapter of the session over all instances of a folder. It has no threads: it is what Stop and Restart act upon,
 * and the parent of the sessions that js-debug has with the instances.
 */
export class UmbrellaAdapter implements vscode.DebugAdapter {
  #actions: UmbrellaActions;
  #messages = new Emitter<vscode.DebugProtocolMessage>();
  #sequence = 0;
  #stopping: Promise<void> | undefined;
  /** What was answered last for each file, and what is said of it now. */
  #shown = new Map<string, ShownBreakpoint[]>();
  #lastBreakpoint = 0;
  #terminated = false;

  readonly onDidSendMessage = this.#messages.event;

  constructor(actions: UmbrellaActions) {
    this.#actions = actions;
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const request = message as DebugProtocol.Request;
    if (request.type !== 'request') return;
    void this.#answer(request);
  }

  /** Ends the session from our side, e.g. because the host is gone. */
  end(): void {
    if (this.#terminated) return;
    this.#terminated = true;
    this.#event('terminated');
  }

  /** Says anew what is to be said of every breakpoint. */
  async refresh(): Promise<void> {
    await Promise.all([...this.#shown.keys()].map((path) => this.#describe(path)));
  }

  /** The editor is done with the session, however it ended. */
  dispose(): void {
    void this.#stop();
    this.#messages.dispose();
  }

  async #answer(request: DebugProtocol.Request): Promise<void> {
    try {
      const body = await this.#carryOut(request);
      this.#respond(request, { success: true, ...(body && { body }) });
      if (request.command === 'initialize') this.#event('initialized');
      if (request.command === 'terminate' || request.command === 'disconnect') this.end();
    } catch (error) {
      const text = failureText(error);
      // Braces would be taken for placeholders.
      const format = text.replaceAll('{', '(').replaceAll('}', ')');
      this.#respond(request, {
        success: false,
        message: text,
        body: { error: { id: 1, format, showUser: true } },
      });
    }
  }

  async #carryOut({ command, arguments: given }: DebugProtocol.Request): Promise<Body | undefined> {
    switch (command) {
      case 'initialize':
        return { supportsConfigurationDoneRequest: true, supportsTerminateRequest: true };
      case 'launch':
      case 'attach':
        await this.#actions.start();
        return undefined;
      case 'terminate':
      case 'disconnect':
        await this.#stop();
        return undefined;
      case 'threads':
        return { threads: [] };
      case 'setBreakpoints':
        return this.#breakpoints(given as DebugProtocol.SetBreakpointsArguments);
      case 'setFunctionBreakpoints':
      case 'setExceptionBreakpoints':
      case 'setDataBreakpoints':
      case 'setInstructionBreakpoints':
        return { breakpoints: [] };
      case 'configurationDone':
      case 'cancel':
        return undefined;
      case 'loadedSources':
        return { sources: [] };
      case 'evaluate':
        throw new Error(
          l10n.t('Expressions are evaluated in an instance: stop at a breakpoint, or choose an instance.'),
        );
      default:
        throw new Error(l10n.t('Choose an instance in the call stack first.'));
    }
  }

  /**
   * The editor shows a breakpoint as set when any session has set it, and otherwise what its first session says. So this
   * one never claims to have set any: it says what the matter is, until a session with an instance has.
   */
  #breakpoints({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments): Body {
    const { path } = source;
    const covered = path !== undefined && this.#actions.covers(path);
    const message = covered
      ? l10n.t('Set as soon as an instance loads this file.')
      : l10n.t('This file does not belong to a function that is being debugged.');
    const shown = breakpoints.map(({ line, column }): ShownBreakpoint => {
      const id = ++this.#lastBreakpoint;
      return { id, line, message, ...(column === undefined ? {} : { column }) };
    });
    if (path !== undefined) {
      if (shown.length > 0) this.#shown.set(path, shown);
      else this.#shown.delete(path);
      // After the answer: until then the editor does not know the breakpoints.
      setImmediate(() => void this.#describe(path));
    }
    return { breakpoints: shown.map((one) => ({ ...one, verified: false })) };
  }

  async #describe(path: string): Promise<void> {
    const shown = this.#shown.get(path);
    if (!shown || !this.#actions.describe) return;
    const texts = await this.#actions.describe(
      path,
      shown.map(({ line }) => line),
    );
    // Others may have taken their place, or the session may be over.
    if (this.#terminated || this.#shown.get(path) !== shown) return;
    shown.forEach((one, i) => {
      const message = texts[i];
      if (message === undefined || message === one.message) return;
      one.message = message;
      this.#event('breakpoint', { reason: 'changed', breakpoint: { ...one, verified: false } });
    });
  }

  #stop(): Promise<void> {
    this.#stopping ??= this.#actions.stop();
    return this.#stopping;
  }

  #respond(
    request: DebugProtocol.Request,
    outcome: { success: boolean; message?: string; body?: unknown },
  ): void {
    const response: DebugProtocol.Response = {
      type: 'response',
      seq: ++this.#sequence,
      request_seq: request.seq,
      command: request.command,
      ...outcome,
    };
    this.#messages.fire(response as vscode.DebugProtocolMessage);
  }

  #event(event: string, body?: unknown): void {
    const message: DebugProtocol.Event = {
      type: 'event',
      seq: ++this.#sequence,
      event,
      ...(body === undefined ? {} : { body }),
    };
    this.#messages.fire(message as vscode.DebugProtocolMessage);
  }
}
