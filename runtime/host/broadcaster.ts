import type { InvocationSummary, LogEntry } from '../model/invocationRecord.ts';
import {
  FunctionChanged,
  InstanceLogged,
  InvocationChanged,
  InvocationLogged,
  type FunctionState,
} from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import type { Clock } from '../support/clock.ts';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { Invocation } from '../invocations/invocation.ts';

/** Notices of one kind are gathered for this long, so that a storm of invocations does not become one of messages. */
const gatherMs = 30;

/**
 * Invocations told of at a time. Of a storm clients hear of the latest, and of those they know already; all are in the
 * history. A view that changes hundreds of rows thirty times a second shows nobody anything.
 */
const mostTold = 100;

/** A client that does not read this much is spared further notices until it has caught up. */
const mostBuffered = 16 * 1024 * 1024;

/** Tells every subscribed client what changed: gathered, in order, and only the latest state of each thing. */
export class Broadcaster {
  readonly #clients: () => readonly RpcConnection[];
  readonly #clock: Clock;
  #functions = new Set<FunctionRuntime>();
  #invocations = new Map<Invocation, { fn: FunctionRuntime; logs: LogEntry[] }>();
  /** Those that clients have been told of and wait for the end of. */
  #known = new WeakSet<Invocation>();
  #outside = new Map<string, { function: string; entries: LogEntry[] }>();
  #scheduled: (() => void) | undefined;

  constructor(clients: () => readonly RpcConnection[], clock: Clock) {
    this.#clients = clients;
    this.#clock = clock;
  }

  functionChanged(fn: FunctionRuntime): void {
    if (!this.#hasClients()) return;
    this.#functions.add(fn);
    this.#schedule();
  }

  invocationChanged(fn: FunctionRuntime, invocation: Invocation): void {
    if (!this.#hasClients()) return;
    if (!this.#invocations.has(invocation)) this.#invocations.set(invocation, { fn, logs: [] });
    this.#schedule();
  }

  logged(fn: FunctionRuntime, invocation: Invocation, entry: LogEntry): void {
    this.invocationChanged(fn, invocation);
    this.#invocations.get(invocation)?.logs.push(entry);
  }

  loggedOutside(fn: FunctionRuntime, instance: string, entry: LogEntry): void {
    if (!this.#hasClients()) return;
    const known = this.#outside.get(instance) ?? { function: fn.definition.name, entries: [] };
    known.entries.push(entry);
    this.#outside.set(instance, known);
    this.#schedule();
  }

  /** Sends what is gathered now, e.g. before the host ends. */
  flush(): void {
    this.#scheduled?.();
    this.#scheduled = undefined;
    const clients = this.#clients().filter((client) => client.carrier.bufferedBytes < mostBuffered);
    const functions = [...this.#functions];
    const invocations = this.#worthTelling([...this.#invocations]);
    const outside = [...this.#outside];
    this.#functions.clear();
    // Not cleared: a map that is goes on holding what was in it (`TurnoverMap` says why).
    this.#invocations = new Map();
    this.#outside.clear();
    if (clients.length === 0) return;
    const states: FunctionState[] = functions.map((fn) => fn.state());
    for (const client of clients) {
      for (const [invocation, { logs }] of invocations) {
        const { id, function: name } = invocation.summary;
        const summary: InvocationSummary = invocation.summary;
        client.sendNotification(InvocationChanged, summary);
        if (logs.length > 0) client.sendNotification(InvocationLogged, { id, function: name, entries: logs });
      }
      for (const [instance, { function: name, entries }] of outside) {
        client.sendNotification(InstanceLogged, { instance, function: name, entries });
      }
      for (const state of states) client.sendNotification(FunctionChanged, state);
    }
  }

  #worthTelling<T>(gathered: [Invocation, T][]): [Invocation, T][] {
    const from = gathered.length - mostTold;
    const told =
      from <= 0 ? gathered : gathered.filter(([of], index) => index >= from || this.#known.has(of));
    for (const [invocation] of told) this.#known.add(invocation);
    return told;
  }

  /** Nobody listens to most hosts of a command line, and to a serving one: then there is nothing to gather. */
  #hasClients(): boolean {
    return this.#clients().length > 0;
  }

  #schedule(): void {
    this.#scheduled ??= this.#clock.after(gatherMs, () => {
      this.#scheduled = undefined;
      this.flush();
    });
  }
}
