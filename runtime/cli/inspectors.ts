import { WebSocket } from 'ws';
import type { RpcConnection } from '../protocol/control/connection.ts';
import {
  AttachDeclined,
  AttachRequested,
  DebugTargetGone,
  FunctionChanged,
  StartDebugging,
} from '../protocol/control/messages.ts';

/**
 * Keeps the inspector of every instance open and prints its address. A session of our own is the debugger the instance
 * waits for: it sets nothing, lets it run, and hears of pauses, so that time stopped in whatever debugger somebody
 * attaches to the address counts as neither duration nor time-out.
 */
export class Inspectors {
  readonly #print: (text: string) => void;
  readonly #sessions = new Map<string, WebSocket>();
  readonly #told = new Set<string>();

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** Registers for what the host tells; before `start`. */
  listen(connection: RpcConnection): void {
    connection.onNotification(AttachRequested, ({ instance, debugger: id, websocketAddress }) => {
      if (id === 'js-debug') this.#hold(instance, websocketAddress);
      else
        connection.sendNotification(AttachDeclined, {
          instance,
          reason: `${id} is attached by the editor only.`,
        });
    });
    connection.onNotification(DebugTargetGone, ({ instance }) => this.#letGo(instance));
    connection.onNotification(FunctionChanged, ({ instances }) => {
      for (const { id, inspector } of instances) {
        if (inspector === undefined || this.#told.has(id)) continue;
        this.#told.add(id);
        this.#print(`${id}: debugger at ${inspector}\n`);
      }
    });
  }

  async start(connection: RpcConnection): Promise<void> {
    await connection.sendRequest(StartDebugging, {});
  }

  dispose(): void {
    for (const instance of [...this.#sessions.keys()]) this.#letGo(instance);
  }

  #hold(instance: string, address: string): void {
    const session = new WebSocket(address, { perMessageDeflate: false });
    this.#sessions.set(instance, session);
    // The instance goes on by itself when this fails, and its host says why.
    session.on('error', () => {});
    session.on('open', () => {
      ['Debugger.enable', 'Runtime.runIfWaitingForDebugger'].forEach((method, index) =>
        session.send(JSON.stringify({ id: index + 1, method })),
      );
    });
    session.on('close', () => this.#sessions.delete(instance));
  }

  #letGo(instance: string): void {
    this.#told.delete(instance);
    this.#sessions.get(instance)?.close();
  }
}
