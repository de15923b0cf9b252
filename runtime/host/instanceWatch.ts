import type { Instance } from '../instances/instance.ts';
import { InstanceLives, type InstanceEvent, type InstanceLife } from '../model/instanceLife.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import { InstancesLived } from '../protocol/control/timeline.ts';
import type { Clock } from '../support/clock.ts';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';

/** Events are gathered for this long, in milliseconds. */
const gatherMs = 100;

/** How often sizes are looked at while somebody watches, in milliseconds. */
const memoryEveryMs = 1000;

/** Who does not read what is told is told no sizes until it has. */
const mostBuffered = 4 * 1024 * 1024;

/**
 * Keeps what became of the instances of a host. An event costs a few assignments, and comes with a process's birth, death,
 * freeze or thaw; nothing is looked at, sent or put together unless somebody watches.
 */
export class InstanceWatch {
  readonly #clock: Clock;
  readonly #lives = new InstanceLives();
  readonly #live = new Map<string, Instance>();
  readonly #watchers = new Set<RpcConnection>();
  #gathered: InstanceEvent[] = [];
  #cancelFlush: (() => void) | undefined;
  #cancelMemory: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on tells of every instance of a function. */
  follow(runtime: FunctionRuntime): void {
    runtime.pool.onDidAdopt((instance) => this.#born(instance));
  }

  /** Begins or ends telling a client. Returns what is known so far. */
  watch(client: RpcConnection, watch: boolean): InstanceLife[] {
    // What was gathered before is part of the answer.
    this.#flush();
    if (!watch) this.#leave(client);
    else if (!this.#watchers.has(client)) {
      this.#watchers.add(client);
      client.onClose(() => this.#leave(client));
    }
    if (!watch) return [];
    this.#lookAtMemory();
    this.#flush();
    return this.#lives.all;
  }

  dispose(): void {
    this.#cancelFlush?.();
    this.#cancelMemory?.();
    this.#watchers.clear();
  }

  #born(instance: Instance): void {
    const { id, function: name, sequence, pid, startedAt } = instance;
    this.#live.set(id, instance);
    this.#tell({ kind: 'born', at: startedAt, instance: id, function: name, sequence, pid });
    instance.booted.then(
      () => this.#tell({ kind: 'booted', at: this.#clock.epochMs(), instance: id }),
      // It ended before; its end says why.
      () => {},
    );
    instance.onDidFreeze((frozen) =>
      this.#tell({ kind: frozen ? 'frozen' : 'thawed', at: this.#clock.epochMs(), instance: id }),
    );
    void instance.exited.then(({ reason, code, signal }) => {
      this.#live.delete(id);
      const why = reason ?? (signal ? `ended by ${signal}` : `ended by itself (code ${code ?? 'none'})`);
      const at = this.#clock.epochMs();
      this.#tell({ kind: 'ended', at, instance: id, pid: instance.pid, reason: why });
    });
  }

  #tell(event: InstanceEvent): void {
    this.#lives.apply(event);
    if (this.#watchers.size === 0) return;
    this.#gathered.push(event);
    this.#cancelFlush ??= this.#clock.after(gatherMs, () => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const events = this.#gathered;
    this.#gathered = [];
    if (events.length === 0) return;
    const withoutSizes = events.filter(({ kind }) => kind !== 'memory');
    for (const client of this.#watchers) {
      const told = client.carrier.bufferedBytes < mostBuffered ? events : withoutSizes;
      if (told.length > 0) client.sendNotification(InstancesLived, { events: told });
    }
  }

  #lookAtMemory(): void {
    this.#cancelMemory?.();
    this.#cancelMemory = undefined;
    if (this.#watchers.size === 0) return;
    const at = this.#clock.epochMs();
    for (const [id, { memory }] of this.#live) {
      const residentKB = memory?.residentKB();
      if (residentKB !== undefined)
        this.#tell({ kind: 'memory', at, instance: id, memoryMB: Math.round(residentKB / 102.4) / 10 });
    }
    this.#cancelMemory = this.#clock.after(memoryEveryMs, () => this.#lookAtMemory());
  }

  #leave(client: RpcConnection): void {
    this.#watchers.delete(client);
    if (this.#watchers.size > 0) return;
    this.#cancelMemory?.();
    this.#cancelMemory = undefined;
    this.#gathered = [];
  }
}
