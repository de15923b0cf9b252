import { InstanceLives, type InstanceEvent, type InstanceLife } from '../../../runtime/model/instanceLife.ts';
import type { TimelineSpan } from '../../../runtime/model/timelineSpan.ts';
import { boxOf, mergeSorted, placeOnLevels, type Box } from './boxes.ts';

/** One instance as it is drawn. Times in milliseconds since the epoch. */
export interface Lane {
  key: string;
  id: string;
  pid: number;
  function: string;
  sequence: number;
  from: number;
  /** Infinity while it lives. */
  to: number;
  /** Of this host's life; absent for instances of earlier hosts, of which only the invocations are known. */
  life?: InstanceLife;
  /** Sorted by their begin. */
  boxes: Box[];
  /** Most invocations at a time. */
  levels: number;
}

/** What a model keeps at most; the oldest go first. */
const mostSpans = 60_000;

/** Lanes of instances and their invocations, kept up as news comes. */
export class TimelineModel {
  readonly #lives = new InstanceLives();
  readonly #lanes = new Map<string, Lane>();
  readonly #boxes = new Map<string, { box: Box; lane: Lane | undefined }>();
  /** Of invocations that have no instance: they wait, or were refused one. By function. */
  readonly #without = new Map<string, Box[]>();
  readonly #touched = new Set<Lane>();
  /** Goes up with every change. */
  version = 0;

  get spanCount(): number {
    return this.#boxes.size;
  }

  get lanes(): IterableIterator<Lane> {
    return this.#lanes.values();
  }

  get boxes(): Box[] {
    return Array.from(this.#boxes.values(), ({ box }) => box);
  }

  *spans(): Iterable<TimelineSpan> {
    for (const { box } of this.#boxes.values()) yield box.span;
  }

  box(id: string): Box | undefined {
    return this.#boxes.get(id)?.box;
  }

  without(name: string): readonly Box[] {
    return this.#without.get(name) ?? [];
  }

  get functionsWithout(): string[] {
    return [...this.#without.keys()];
  }

  clear(): void {
    this.#lives.reset([]);
    this.#lanes.clear();
    this.#boxes.clear();
    this.#without.clear();
    this.#touched.clear();
    this.version++;
  }

  setLives(lives: readonly InstanceLife[]): void {
    this.#lives.reset(lives);
    for (const life of lives) this.#lived(life);
  }

  applyEvents(events: readonly InstanceEvent[]): void {
    for (const event of events) {
      const life = this.#lives.apply(event);
      if (life) this.#lived(life);
    }
  }

  addSpans(spans: readonly TimelineSpan[]): void {
    const added = new Map<Lane | string, Box[]>();
    for (const span of new Map(spans.map((one) => [one.id, one])).values()) {
      const home = this.#place(span);
      const boxes = added.get(home) ?? [];
      boxes.push(this.#boxes.get(span.id)!.box);
      added.set(home, boxes);
    }
    for (const [home, boxes] of added) {
      if (typeof home === 'string') this.#without.set(home, mergeSorted(this.without(home), boxes));
      else home.boxes = mergeSorted(home.boxes, boxes);
    }
    if (this.#boxes.size > mostSpans) this.#forget(this.#boxes.size - mostSpans);
    this.version++;
  }

  /** Puts what changed in order; before anything is drawn. */
  settle(): void {
    for (const lane of this.#touched) {
      // Nothing runs on in an instance that is gone: how it ended has only not been told yet.
      if (lane.life && lane.to < Infinity)
        for (const box of lane.boxes) if (box.to === Infinity) box.to = Math.max(box.from, lane.to);
      lane.levels = placeOnLevels(lane.boxes);
      if (!lane.life) {
        lane.from = lane.boxes[0]?.from ?? lane.from;
        lane.to = lane.boxes.reduce((latest, { to }) => Math.max(latest, to), -Infinity);
      }
    }
    this.#touched.clear();
  }

  #lived(life: InstanceLife): void {
    this.version++;
    const key = laneKey(life.id, life.pid);
    const lane = this.#lanes.get(key) ?? this.#newLane(life.id, life.pid, life.function, life.sequence);
    lane.life = life;
    lane.from = life.bornAt;
    lane.to = life.endedAt ?? Infinity;
    if (life.endedAt !== undefined) this.#touched.add(lane);
  }

  #newLane(id: string, pid: number, name: string, sequence: number): Lane {
    const key = laneKey(id, pid);
    const lane: Lane = {
      key,
      id,
      pid,
      function: name,
      sequence,
      from: Infinity,
      to: -Infinity,
      boxes: [],
      levels: 1,
    };
    this.#lanes.set(key, lane);
    return lane;
  }

  /** Notes a span and says where its box belongs: to an instance, or to a function. What was known of it goes. */
  #place(span: TimelineSpan): Lane | string {
    const known = this.#boxes.get(span.id);
    if (known) this.#remove(span.id, known);
    const box = boxOf(span);
    const { instance } = span;
    if (!instance) {
      this.#boxes.set(span.id, { box, lane: undefined });
      return span.function;
    }
    const sequence = Number(/#(\d+)$/.exec(instance.id)?.[1] ?? 0);
    const lane =
      this.#lanes.get(laneKey(instance.id, instance.pid)) ??
      this.#newLane(instance.id, instance.pid, span.function, sequence);
    this.#boxes.set(span.id, { box, lane });
    this.#touched.add(lane);
    return lane;
  }

  #remove(id: string, { box, lane }: { box: Box; lane: Lane | undefined }): void {
    const boxes = lane ? lane.boxes : this.#without.get(box.span.function);
    // Changes concern the newest: they are near the end.
    const index = boxes?.lastIndexOf(box) ?? -1;
    if (index >= 0) boxes!.splice(index, 1);
    this.#boxes.delete(id);
    if (lane) this.#touched.add(lane);
    if (!lane && boxes?.length === 0) this.#without.delete(box.span.function);
  }

  #forget(count: number): void {
    const oldest = [...this.#boxes].sort(([, a], [, b]) => a.box.span.receivedAt - b.box.span.receivedAt);
    for (const [id, entry] of oldest.slice(0, count)) {
      this.#remove(id, entry);
      const { lane } = entry;
      if (!lane || lane.boxes.length > 0 || lane.life) continue;
      this.#lanes.delete(lane.key);
      this.#touched.delete(lane);
    }
  }
}

/** Ids begin anew with every host; with the process they are unique. */
const laneKey = (id: string, pid: number): string => `${id} ${pid}`;
