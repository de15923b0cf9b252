import type { AttachedDebugger, DebugPort } from '../instances/debugPort.ts';
import type { DebugLedger, LanguageDebugger } from '../languages/debugRelay.ts';
import { PorchlightError } from '../model/errors.ts';
import { AttachRequested, DebugTargetGone, DebuggerMissing } from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import type { Clock } from '../support/clock.ts';
import type { Disposable } from '../support/disposable.ts';
import { Emitter } from '../support/emitter.ts';
import { packageFolders } from './breakpointPackages.ts';
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

/** How many sessions that are over are remembered, so that it can be told what they had set. */
const maxRemembered = 50;

/** What a debugger did in an instance. */
export interface InstanceLedger {
  instance: string;
  function: string;
  /** The debugger is still there. */
  attached: boolean;
  /** Absent where only the debugger itself knows. */
  ledger: DebugLedger | undefined;
}

/** What a client wants to debug. `functions`: all, when absent. */
export interface DebugWish {
  functions?: string[] | undefined;
  /** Files in packages that have breakpoints. */
  breakpointFiles?: string[] | undefined;
  /** It only keeps inspectors open for others: it makes room for one that debugs, and comes back when that stops. */
  standing?: boolean | undefined;
}

interface Debugging {
  client: DebugClient;
  /** Undefined: every function. */
  functions: Set<string> | undefined;
  packages: readonly string[];
}

/**
 * Brings instances and the debugger of one client together. The pool asks (`DebugPort`), the client is told where to
 * attach, and the instance waits until its breakpoints are set. When the client leaves, instances live on.
 */
export class DebugSessions implements DebugPort, Disposable {
  #options: DebugSessionsOptions;
  #debugging: Debugging | undefined;
  /** Keeps inspectors open whenever nobody debugs. */
  #standing: Debugging | undefined;
  #sessions = new Map<string, DebugSession>();
  /** Sessions that are over, the latest last. */
  #over: DebugSession[] = [];
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

  /** What debuggers did in the instances of a function, the latest first. */
  ledgersOf(functionName: string): InstanceLedger[] {
    const told = (session: DebugSession, attached: boolean): InstanceLedger => ({
      instance: session.instance.id,
      function: session.instance.function,
      attached,
      ledger: session.ledger,
    });
    return [
      ...[...this.#sessions.values()].map((session) => told(session, true)),
      ...this.#over.map((session) => told(session, false)),
    ]
      .filter((ledger) => ledger.function === functionName)
      .reverse();
  }

  get packages(): readonly string[] {
    return this.#debugging?.packages ?? [];
  }

  /** From now on instances of these functions wait for this client's debugger. */
  start(client: DebugClient, wish: DebugWish = {}): void {
    const { functions, breakpointFiles = [], standing = false } = wish;
    const current = this.#debugging;
    const others = current !== undefined && current.client !== client;
    if (others && !standing && current !== this.#standing) throw new PorchlightError('DEBUGGER_BUSY');
    const packages = packageFolders(breakpointFiles);
    const next = { client, functions: functions && new Set(functions), packages };
    if (standing) this.#standing = next;
    if (others && standing) return;
    this.#debugging = next;
    for (const session of [...this.#sessions.values()]) {
      if (others || !this.isDebugging(session.instance.function)) session.dispose();
    }
    this.#changed.fire();
  }

  /** Detaches every debugger of this client; nothing happens when another one debugs. */
  stop(client: DebugClient): void {
    if (this.#standing?.client === client) this.#standing = undefined;
    if (this.#debugging?.client !== client) return;
    this.#debugging = this.#standing;
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
    const { id, createRelay, createLedger } = this.#options.debuggerOf(instance.function);
    const { inspectorUrl } = instance;
    const { clock } = this.#options;
    const ledger = createLedger?.(() => clock.epochMs());
    const observer = ledger && { observer: ledger };
    const relay = await createRelay({ inspectorUrl, clock, ...observer }).finally(() => this.#opening--);
    const debugging = this.#debugging;
    if (debugging?.client !== before.client || !this.isDebugging(instance.function)) {
      relay.dispose();
      return { declined: 'debugging was stopped.' };
    }
    const session = new DebugSession(instance, relay, ledger, clock);
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
    this.#over = [...this.#over, session].slice(-maxRemembered);
    client.sendNotification(DebugTargetGone, { instance: id });
  }

  dispose(): void {
    this.#debugging = undefined;
    this.#standing = undefined;
    for (const session of [...this.#sessions.values()]) session.dispose();
    this.#changed.dispose();
  }
}

/** Globs have forward slashes on every platform. */
function toGlob(path: string): string {
  return path.replaceAll('\\', '/');
}
