/** A moment in the life of an instance; `at` in milliseconds since the epoch. */
export type InstanceEvent =
  | { kind: 'born'; at: number; instance: string; function: string; sequence: number; pid: number }
  | { kind: 'booted' | 'frozen' | 'thawed'; at: number; instance: string }
  | { kind: 'memory'; at: number; instance: string; memoryMB: number }
  | { kind: 'ended'; at: number; instance: string; pid: number; reason: string };

/** What is known of one instance from birth to death. Times in milliseconds since the epoch. */
export interface InstanceLife {
  /** Unique within the host's life. */
  id: string;
  function: string;
  sequence: number;
  /** 0 while its process is still to come. */
  pid: number;
  bornAt: number;
  /** When its process could take code. */
  bootedAt?: number;
  endedAt?: number;
  reason?: string;
  /** When it was stopped between calls; the last one may last. Oldest first, the latest ones. */
  frozen: { from: number; until?: number }[];
  /** Resident size, as often as somebody looked. Oldest first, the latest ones. */
  memory: { at: number; memoryMB: number }[];
}

/** What is kept at most: of all instances together, and of each. */
export const lifeLimits = { lives: 5000, frozen: 400, memory: 900 } as const;

/** The lives of instances as their events tell them, bounded; kept alike by the host and by who watches it. */
export class InstanceLives {
  readonly #lives = new Map<string, InstanceLife>();

  /** Oldest first. */
  get all(): InstanceLife[] {
    return [...this.#lives.values()];
  }

  get(instance: string): InstanceLife | undefined {
    return this.#lives.get(instance);
  }

  /** Takes over what somebody else has kept so far. */
  reset(lives: readonly InstanceLife[]): void {
    this.#lives.clear();
    for (const life of lives) this.#lives.set(life.id, life);
  }

  /** Returns the life that changed; undefined for an instance whose birth nobody told. */
  apply(event: InstanceEvent): InstanceLife | undefined {
    if (event.kind === 'born') return this.#begin(event);
    const life = this.#lives.get(event.instance);
    if (!life) return undefined;
    switch (event.kind) {
      case 'booted':
        life.bootedAt = event.at;
        break;
      case 'frozen':
        life.frozen.push({ from: event.at });
        if (life.frozen.length > lifeLimits.frozen) life.frozen.shift();
        break;
      case 'thawed':
        thaw(life, event.at);
        break;
      case 'memory':
        life.memory.push({ at: event.at, memoryMB: event.memoryMB });
        if (life.memory.length > lifeLimits.memory) life.memory.shift();
        break;
      case 'ended':
        thaw(life, event.at);
        life.endedAt = event.at;
        life.reason = event.reason;
        life.pid ||= event.pid;
        break;
    }
    return life;
  }

  #begin(event: InstanceEvent & { kind: 'born' }): InstanceLife {
    const { instance: id, function: name, sequence, pid, at } = event;
    const life: InstanceLife = { id, function: name, sequence, pid, bornAt: at, frozen: [], memory: [] };
    this.#lives.set(id, life);
    if (this.#lives.size > lifeLimits.lives) this.#forgetOldest();
    return life;
  }

  /** The dead go first: one that lives would be missed. */
  #forgetOldest(): void {
    for (const [id, { endedAt }] of this.#lives) {
      if (endedAt === undefined) continue;
      this.#lives.delete(id);
      return;
    }
  }
}

function thaw(life: InstanceLife, at: number): void {
  const last = life.frozen.at(-1);
  if (last?.until === undefined && last) last.until = at;
}
