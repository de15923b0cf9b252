import { writeFileSync } from 'node:fs';
import type { Announcer, HostPart, Site, Subject } from '../hosts/subject.ts';
import { send, untilAnswer, type Call } from '../load/call.ts';
import { memoryOf, processorUs } from '../processes/usage.ts';
import { settle } from '../processes/settle.ts';
import type { Context } from '../run/context.ts';
import { startSubject, type RunningHost } from '../run/runningHost.ts';
import { answerOf } from '../workload/sources.ts';
import type { FunctionId } from '../workload/workload.ts';

/** An edit has been waited for this long when it is given up. */
const editPatienceMs = 30_000;

/** Hosts that take seconds for an edit are not made to take minutes. */
const editsMs = 5000;

/** Before each edit: nobody saves more often, and some hosts lose an edit that comes while they still reload. */
const editPauseMs = 1000;

/** One host under measurement over all rounds: Porchlight, a peer, or a reference. */
export class HostMeasure {
  readonly subject: Subject;
  readonly #context: Context;
  readonly #site: Site;
  readonly #parts: readonly HostPart[];
  readonly #versions = new Map<FunctionId, number>();

  constructor(context: Context, subject: Subject, site: Site, wanted: readonly HostPart[]) {
    this.#context = context;
    this.subject = subject;
    this.#site = site;
    this.#parts = subject.parts.filter((part) => wanted.includes(part));
  }

  /** Whether there is anything to do in this run. */
  get concerned(): boolean {
    return this.#parts.length > 0;
  }

  /** One round. Whatever happens, its processes are gone afterwards. */
  async round(round: number): Promise<void> {
    if (this.#does('start', 'warm', 'memory') || !this.subject.oneFunction) await this.#withHello(round);
    if (!this.subject.oneFunction) return;
    if (this.#does('start') && this.#runs('heavy')) {
      await this.#with('heavy', (host) => Promise.resolve(this.#add('heavy', round, host.startMs)));
    }
    if (!this.#does('edit')) return;
    if (!this.#does('start', 'warm', 'memory'))
      await this.#with('hello', (host) => this.#edit(host, 'hello', round));
    await this.#with(this.#editedHeavy, (host) => this.#edit(host, this.#editedHeavy, round));
  }

  async #withHello(round: number): Promise<void> {
    await this.#with('hello', async (host) => {
      const { call } = host.launch;
      if (this.#does('start')) this.#add('start', round, host.startMs);
      await settle();
      if (this.#does('memory')) this.#addMemory('idle', round, host);
      if (!this.subject.oneFunction && this.#does('start') && this.#runs('heavy')) {
        const version = answerOf(this.#version('heavy'));
        const first = await untilAnswer(call('heavy'), version, { timeout: editPatienceMs });
        this.#add('heavy', round, first.ms);
      }
      if (this.#does('warm')) await this.#warm(host, round);
      if (!this.#does('edit')) return;
      await this.#edit(host, 'hello', round);
      if (!this.subject.oneFunction && this.#runs(this.#editedHeavy))
        await this.#edit(host, this.#editedHeavy, round);
    });
  }

  async #warm(host: RunningHost, round: number): Promise<void> {
    const call = host.launch.call('hello');
    const { latencySeconds, loadSeconds } = this.#context.effort;
    await send(call);
    const before = processorUs(host.child.pid);
    const single = await this.#load(call, 1, latencySeconds);
    this.#add('p50', round, single.p50);
    this.#add('p99', round, single.p99);
    const after = processorUs(host.child.pid);
    if (before !== undefined && after !== undefined)
      this.#add('cpu', round, (after - before) / single.requests);
    if (this.subject.noStorm !== undefined) {
      this.#context.results.miss(`${this.subject.title}: 50 connections`, this.subject.noStorm);
      return;
    }
    const many = await this.#load(call, 50, loadSeconds);
    this.#add('perSecond', round, many.perSecond);
    if (this.#does('memory')) this.#addMemory('after', round, host);
  }

  async #load(call: Call, connections: number, seconds: number) {
    const result = await this.#context.load.run(call, { connections, seconds });
    if (result.requests === 0) throw new Error(`no answer at ${connections} connections`);
    if (result.errors > 0) {
      const what = `${this.subject.title}: ${connections} connections`;
      this.#context.results.miss(
        what,
        `${result.errors} of ${result.requests} calls failed; they are counted`,
      );
    }
    return result;
  }

  /** From the save to the first answer of the new code. */
  async #edit(host: RunningHost, fn: FunctionId, round: number): Promise<void> {
    const call = host.launch.call(fn);
    await untilAnswer(call, answerOf(this.#version(fn)), { timeout: editPatienceMs });
    const announcer = await host.launch.connect?.();
    try {
      await settle(editPauseMs);
      const end = performance.now() + editsMs;
      for (let count = 0; count < this.#context.effort.edits && performance.now() < end; count++) {
        this.#add(`edit.${fn === 'hello' ? 'hello' : 'heavy'}`, round, await this.#save(call, fn, announcer));
        await settle(editPauseMs);
      }
    } finally {
      announcer?.dispose();
    }
  }

  async #save(call: Call, fn: FunctionId, announcer: Announcer | undefined): Promise<number> {
    const version = this.#version(fn) + 1;
    const { file, text } = await this.subject.source(this.#site, fn, version);
    this.#versions.set(fn, version);
    const started = performance.now();
    writeFileSync(file, text);
    announcer?.saved(file);
    await untilAnswer(call, answerOf(version), {
      timeout: editPatienceMs,
      attempt: this.subject.forgetsAfterMs ?? editPatienceMs,
    });
    return performance.now() - started;
  }

  /** Only the user's own code changes where packages are loaded from their folder; others load a new bundle. */
  get #editedHeavy(): FunctionId {
    return this.#runs('packages') ? 'packages' : 'heavy';
  }

  async #with(first: FunctionId, use: (host: RunningHost) => Promise<void>): Promise<void> {
    const host = await startSubject(this.#site, this.subject, first, this.#version(first));
    try {
      await use(host);
    } finally {
      await host.stop();
    }
  }

  #does(...parts: HostPart[]): boolean {
    return parts.some((part) => this.#parts.includes(part));
  }

  #runs(fn: FunctionId): boolean {
    return this.subject.functions.includes(fn);
  }

  #version(fn: FunctionId): number {
    return this.#versions.get(fn) ?? 1;
  }

  #add(measure: string, round: number, value: number | undefined): void {
    this.#context.results.add({ subject: this.subject.id, measure }, round, value);
  }

  #addMemory(when: 'idle' | 'after', round: number, host: RunningHost): void {
    const memory = memoryOf(host.child.pid);
    this.#add(`memory.${when}`, round, memory?.pssMB);
    this.#add(`processes.${when}`, round, memory?.processes);
  }
}
