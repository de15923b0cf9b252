import { recordLimits, type LogEntry } from '../model/invocationRecord.ts';
import type { InstanceLog } from '../instances/instance.ts';
import type { SourceMaps } from '../support/sourceMaps.ts';

/** Collects the log of one invocation: whole lines, source positions, bounded; secrets are replaced by the redactor. */
export class CapturedLog {
  readonly entries: LogEntry[] = [];
  dropped = 0;
  #startUs: number;
  #maps: SourceMaps;
  #redact: (text: string) => string;
  #onEntry: (entry: LogEntry) => void;
  /** Text written without a line break, per stream. */
  #open = { stdout: '', stderr: '' };

  constructor(
    startUs: number,
    maps: SourceMaps,
    redact: (text: string) => string,
    onEntry: (entry: LogEntry) => void,
  ) {
    this.#startUs = startUs;
    this.#maps = maps;
    this.#redact = redact;
    this.#onEntry = onEntry;
  }

  /** A line the platform itself writes. */
  platform(text: string, atUs: number): void {
    this.#add({ t: this.#since(atUs), level: 'info', text, stream: 'platform' });
  }

  /** Output of the instance: a console call is one entry, other writes are cut into lines. */
  add(log: InstanceLog): void {
    const level = log.level ?? (log.stream === 'stderr' ? 'error' : 'info');
    const base = { t: this.#since(log.atUs), level, stream: log.stream };
    if (log.level !== undefined || log.pipe) {
      const text = log.text.endsWith('\n') ? log.text.slice(0, -1) : log.text;
      const at =
        log.frame && this.#maps.map({ file: log.frame[0], line: log.frame[1], column: log.frame[2] });
      this.#add({ ...base, text, ...(at ? { at } : {}) });
      return;
    }
    const lines = (this.#open[log.stream] + log.text).split('\n');
    this.#open[log.stream] = lines.pop() ?? '';
    for (const text of lines) this.#add({ ...base, text });
  }

  /** Writes out what had no line break yet. */
  close(atUs: number): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const text = this.#open[stream];
      this.#open[stream] = '';
      if (text)
        this.#add({ t: this.#since(atUs), level: stream === 'stderr' ? 'error' : 'info', text, stream });
    }
  }

  #since(atUs: number): number {
    return Math.max(0, Math.round(atUs - this.#startUs));
  }

  #add(entry: LogEntry): void {
    if (this.entries.length >= recordLimits.logEntries) {
      this.dropped++;
      return;
    }
    const text = this.#redact(entry.text.slice(0, recordLimits.logTextBytes));
    const kept = { ...entry, text };
    this.entries.push(kept);
    this.#onEntry(kept);
  }
}
