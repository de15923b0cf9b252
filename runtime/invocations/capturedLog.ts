import { recordLimits, type LogEntry } from '../model/invocationRecord.ts';
import type { InstanceLog } from '../instances/instance.ts';
import type { SourceMaps } from '../support/sourceMaps.ts';

type LogStream = 'stdout' | 'stderr';
type Place = Pick<LogEntry, 'at'>;
type OpenText = { text: string } & Place;

/** Collects the log of one invocation: whole lines, source positions, bounded; secrets are replaced by the redactor. */
export class CapturedLog {
  readonly entries: LogEntry[] = [];
  dropped = 0;
  #size = 0;
  #startUs: number;
  #maps: SourceMaps;
  #redact: (text: string) => string;
  #onEntry: (entry: LogEntry) => void;
  /** Text written without a line break, per stream, and where it began. */
  #open: Record<LogStream, OpenText> = { stdout: { text: '' }, stderr: { text: '' } };

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

  /** A line the platform itself writes. There are a few of them, kept behind a flood as well. */
  platform(text: string, atUs: number, level: LogEntry['level'] = 'info'): void {
    this.#keep({ t: this.#since(atUs), level, text, stream: 'platform' });
  }

  /** Output of the instance: a console call is one entry, other writes are cut into lines. */
  add(log: InstanceLog): void {
    const level = log.level ?? (log.stream === 'stderr' ? 'error' : 'info');
    const base = { t: this.#since(log.atUs), level, stream: log.stream };
    if (log.level !== undefined || log.pipe) {
      if (this.#full) {
        this.dropped++;
        return;
      }
      const text = log.text.endsWith('\n') ? log.text.slice(0, -1) : log.text;
      this.#add({ ...base, text, ...this.#placeOf(log) });
      return;
    }
    if (this.#full) {
      // Counted, not kept: a flood costs no more than looking through it.
      this.dropped += countLines(log.text);
      return;
    }
    const lines = log.text.split('\n');
    const place = this.#placeOf(log);
    const before = this.#open[log.stream];
    // A line is told with the place that began it.
    const began: Place = before.text === '' ? place : before.at ? { at: before.at } : {};
    lines[0] = before.text + lines[0];
    let open = lines.pop()!;
    const ofOpen = lines.length === 0 ? began : place;
    for (const [index, text] of lines.entries())
      this.#add({ ...base, text, ...(index === 0 ? began : place) });
    // Text without a line break must not pile up: an entry has a longest length anyway.
    if (open.length > recordLimits.logTextBytes) open = this.#redact(open);
    for (; open.length > recordLimits.logTextBytes; open = open.slice(recordLimits.logTextBytes)) {
      this.#add({ ...base, text: open.slice(0, recordLimits.logTextBytes), ...ofOpen });
    }
    this.#open[log.stream] = { text: open, ...ofOpen };
  }

  #placeOf({ frame }: InstanceLog): Place {
    return frame ? { at: this.#maps.map({ file: frame[0], line: frame[1], column: frame[2] }) } : {};
  }

  /** Writes out what had no line break yet. */
  close(atUs: number): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const { text, ...place } = this.#open[stream];
      this.#open[stream] = { text: '' };
      const level = stream === 'stderr' ? 'error' : 'info';
      if (text) this.#add({ t: this.#since(atUs), level, text, stream, ...place });
    }
  }

  #since(atUs: number): number {
    return Math.max(0, Math.round(atUs - this.#startUs));
  }

  get #full(): boolean {
    return this.entries.length >= recordLimits.logEntries || this.#size >= recordLimits.logBytes;
  }

  #add(entry: LogEntry): void {
    if (this.#full) {
      this.dropped++;
      return;
    }
    this.#keep(entry);
  }

  #keep(entry: LogEntry): void {
    const text = cutText(entry.text, this.#redact);
    const kept = { ...entry, text };
    this.#size += text.length;
    this.entries.push(kept);
    this.#onEntry(kept);
  }
}

/** A secret that lies across the cut must be seen whole to be taken out. */
const longestSecret = 4096;

/** The text of one entry: bounded, without secrets. */
export function cutText(text: string, redact: (text: string) => string): string {
  const { logTextBytes } = recordLimits;
  return redact(text.slice(0, logTextBytes + longestSecret)).slice(0, logTextBytes);
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
