import type { AttachedDebugger, DebugPort } from '../instances/debugPort.ts';
import type { LanguageDebugger } from '../languages/debugRelay.ts';
import { PorchlightError } from '../model/errors.ts';
import { AttachRequested, DebugTargetGone, DebuggerMissing } from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import type { Clock } from '../support/clock.ts';
import type { Disposable } from '../support/disposable.ts';
import { Emitter } from '../support/emitter.ts';
import { DebugSession, type DebuggableInstance } from './debugSession.ts';

/** A client that debugs; the part of a connection that is used. */
export type DebugClient = Pick<RpcConnection, 'sendNotification'>;

export interface DebugSessionsOptions {
  clock: Clock;
  /** Absolute globs of a function's generated code, and of our own code in its instances. */
  globs(functionName: string): { generated: string[]; skip: string[] };
  /** How a function is debugged. */
  debuggerOf(functionName: string): LanguageDebugger;
}

/** Each attached instance costs the editor two sessions; beyond this many it becomes slow for all. */
export const maxAttached = 10;

interface Debugging {
  client: DebugClient;
  /** Undefined: every function. */
  functions: Set<string> | undefined;
}

/**
 * Brings instances and the debugger of one client together. The pool asks (`DebugPort`), the client is told where to
 * attach, and the instance waits until its breakpoints are set. When the client leaves, instances live on.
 */
export class DebugSessions implements DebugPort, Disposable {
  #options: DebugSessionsOptions;
  #debugging: Debugging | undefined;
  #sessions = new Map<string, DebugSession>();
  /** Attaches whose relay is being opened count, too. */
  #opening = 0;
  #changed = new Emitter<void>();

  /** Another set of functions is debugged than before. */
  readonly onDidChange = this.#changed.event;

  constructor(options: DebugSessionsOptions) {
    this.#options = options;
  }

  isDebugging(functionName: string): boolean {
    if (!this.#debugging) return false;
    return this.#debugging.functions?.has(functionName) ?? true;
  }

  /** From now on instances of these functions (of all, when absent) wait for this client's debugger. */
  start(client: DebugClient, functions?: string[]): void {
    if (this.#debugging && this.#debugging.client !== client) throw new PorchlightError('DEBUGGER_BUSY');
    this.#debugging = { client, functions: functions && new Set(functions) };
    for (const session of [...this.#sessions.values()]) {
      if (!this.isDebugging(session.instance.function)) session.dispose();
    }
    this.#changed.fire();
  }

  /** Detaches every debugger of this client; nothing happens when another one debugs. */
  stop(client: DebugClient): void {
    if (this.#debugging?.client !== client) return;
    this.#debugging = undefined;
    for (const session of [...this.#sessions.values()]) session.dispose();
    this.#changed.fire();
  }

  /** The client's connection is closed. */
  clientGone(client: DebugClient): void {
    this.stop(client);
  }

  /** The client could or would not attach to an instance, or gave it up. */
  declined(client: DebugClient, instance: string, reason: string): void {
    if (this.#debugging?.client === client) this.#sessions.get(instance)?.decline(reason);
  }

  async attach(instance: DebuggableInstance): Promise<AttachedDebugger | { declined: string }> {
    const before = this.#debugging;
    if (!before || !this.isDebugging(instance.function)) return { declined: 'debugging was stopped.' };
    if (this.#sessions.size + this.#opening >= maxAttached) {
      return { declined: `${maxAttached} instances are debugged already; more would slow down the editor.` };
    }
    this.#opening++;
    const { id, createRelay } = this.#options.debuggerOf(instance.function);
    const { inspectorUrl } = instance;
    const relay = await createRelay({ inspectorUrl, clock: this.#options.clock }).finally(
      () => this.#opening--,
    );
    const debugging = this.#debugging;
    if (debugging?.client !== before.client || !this.isDebugging(instance.function)) {
      relay.dispose();
      return { declined: 'debugging was stopped.' };
    }
    const session = new DebugSession(instance, relay, this.#options.clock);
    this.#sessions.set(instance.id, session);
    session.onDidEnd(() => this.#ended(session, debugging.client));
    const { generated, skip } = this.#options.globs(instance.function);
    debugging.client.sendNotification(AttachRequested, {
      instance: instance.id,
      function: instance.function,
      sequence: instance.sequence,
      pid: instance.pid,
      debugger: id,
      websocketAddress: relay.url,
      generated: generated.map(toGlob),
      skip: skip.map(toGlob),
    });
    return session.outcome;
  }

  missing(functionName: string, message: string): void {
    this.#debugging?.client.sendNotification(DebuggerMissing, { function: functionName, message });
  }

  #ended(session: DebugSession, client: DebugClient): void {
    const { id } = session.instance;
    if (this.#sessions.get(id) === session) this.#sessions.delete(id);
    client.sendNotification(DebugTargetGone, { instance: id });
  }

  dispose(): void {
    this.#debugging = undefined;
    for (const session of [...this.#sessions.values()]) session.dispose();
    this.#changed.dispose();
  }
}

/** Globs have forward slashes on every platform. */
function toGlob(path: string): string {
  return path.replaceAll('\\', '/');
}
