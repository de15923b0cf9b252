import type { FollowOptions, Logged, LogReader } from '../followLogs.ts';
import type { DeployTarget } from '../target.ts';
import { LogAssembler } from './logAssembler.ts';
import { unreadable } from './unreadable.ts';
import { forgetOldest } from '../../support/forgetOldest.ts';

/** Clouds take lines in late, and in no order: so much before the newest one is looked at again, in milliseconds. */
const lateMs = 30_000;
/** Lines that are remembered, so that none is told twice. */
const mostSeen = 50_000;

/** Reads a log that is lines, each once, and puts them together to invocations where they say whose they are. */
export class LineReader implements LogReader {
  readonly #options: Pick<FollowOptions, 'name' | 'since' | 'redact'>;
  readonly #assembler: LogAssembler | undefined;
  readonly #seen = new Set<string>();
  #from: number;

  constructor({ name: target, logWords }: DeployTarget, options: Omit<FollowOptions, 'onLogged'>) {
    const { name, places, since } = options;
    this.#options = options;
    this.#from = since;
    this.#assembler = logWords && new LogAssembler({ target, function: name, words: logWords, places });
  }

  async look(where: DeployTarget, signal: AbortSignal): Promise<Logged> {
    const { name, since, redact } = this.#options;
    if (!where.readLogs) throw unreadable(where, name);
    const found = await where.readLogs(name, this.#from, signal);
    // Pages may overlap as well as looks.
    const fresh = found.filter(({ id, time }) => {
      if (this.#seen.has(id) || time < since) return false;
      this.#seen.add(id);
      return true;
    });
    forgetOldest(this.#seen, mostSeen);
    fresh.sort((a, b) => a.time - b.time);
    this.#from = Math.max(this.#from, (fresh.at(-1)?.time ?? 0) - lateMs);
    const lines = fresh.map((line) => ({ ...line, id: redact(line.id), text: redact(line.text) }));
    if (!this.#assembler) return { lines, invocations: [], linesOnly: true };
    if (lines.length === 0) return { lines, invocations: [] };
    const assembled = this.#assembler.add(lines);
    return {
      lines: lines.flatMap((line) => {
        if (line.kind === 'metrics') return [];
        const invocation = assembled.owners.get(line.id);
        return [invocation === undefined ? line : { ...line, invocation }];
      }),
      invocations: assembled.changed,
    };
  }
}
