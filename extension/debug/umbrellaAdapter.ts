import type { DebugProtocol } from '@vscode/debugprotocol';
import type * as vscode from 'vscode';
import { Emitter } from '../../runtime/support/emitter.ts';
import { l10n } from '../editor/l10n.ts';

/** What a session over a folder's functions does; the adapter only speaks the protocol. */
export interface UmbrellaActions {
  /** Rejects with an error whose message is meant for the user. */
  start(): Promise<void>;
  /** Detaches every debugger; instances live on. Never rejects. */
  stop(): Promise<void>;
  /** Whether a file's breakpoints will be set in instances to come, before their code runs. */
  covers(path: string): boolean;
}

type Body = Record<string, unknown>;

/**
 * The adapter of the session over all instances of a folder. It has no threads: it is what Stop and Restart act upon,
 * and the parent of the sessions that js-debug has with the instances.
 */
export class UmbrellaAdapter implements vscode.DebugAdapter {
  #actions: UmbrellaActions;
  #messages = new Emitter<vscode.DebugProtocolMessage>();
  #sequence = 0;
  #stopping: Promise<void> | undefined;
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
      const text = error instanceof Error ? error.message : String(error);
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

  /** Until an instance has loaded the code, nobody else can say whether its breakpoints will be set. They will. */
  #breakpoints({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments): Body {
    const verified = source.path !== undefined && this.#actions.covers(source.path);
    return {
      breakpoints: breakpoints.map(({ line, column }) => ({
        verified,
        line,
        ...(column !== undefined && { column }),
        ...(!verified && {
          message: l10n.t('This file does not belong to a function that is being debugged.'),
        }),
      })),
    };
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

  #event(event: string): void {
    const message: DebugProtocol.Event = { type: 'event', seq: ++this.#sequence, event };
    this.#messages.fire(message as vscode.DebugProtocolMessage);
  }
}
