import { get } from 'node:http';
import type { Listener } from './conversation.ts';
import { freePort, isOpen } from './freePort.ts';

/** Time a server has until it listens, in milliseconds (FC documentation "Custom runtime"). */
const listenMs = 120_000;
/** The part of a shorter limit of the platform that it may use: it is to be told before that ends it. */
const usedShare = 0.95;

/** Milliseconds between two looks: at first often, as a start is measured by it. */
const looks = { first: 2, longest: 50, growth: 1.15 };

/** Ports that other instances of this host serve on although they were given others. */
const taken = new Set<number>();

/** Watches for a program's server: on the port it was given, or on its own fixed one. */
export class ServerStart {
  readonly #listener: Listener;
  readonly #onListening: (port: number) => void;
  #given = 0;
  /** The port that its project file states: nobody listened on it before. */
  #fixed: number | undefined;
  #claimed: number | undefined;
  #waitMs: number = looks.first;
  #over = false;
  #cancel: (() => void) | undefined;
  #startUs = 0;

  constructor(listener: Listener, onListening: (port: number) => void) {
    this.#listener = listener;
    this.#onListening = onListening;
  }

  /** The port that the program is to listen on. */
  async choosePort(): Promise<number> {
    const { port } = this.#listener.program;
    this.#given = await freePort();
    const free = !taken.has(port) && !(await isOpen(port));
    if (free) this.#fixed = port;
    return this.#given;
  }

  /** The process runs: looks until the server listens. */
  watch(): void {
    this.#startUs = this.#listener.clock.nowUs();
    this.#arm();
  }

  dispose(): void {
    this.#over = true;
    this.#cancel?.();
    if (this.#claimed !== undefined) taken.delete(this.#claimed);
  }

  #arm(): void {
    this.#cancel = this.#listener.clock.after(this.#waitMs, () => void this.#look());
    this.#waitMs = Math.min(looks.longest, this.#waitMs * looks.growth);
  }

  async #look(): Promise<void> {
    const port = await this.#found();
    if (this.#over) return;
    if (port !== undefined) {
      this.#over = true;
      this.#onListening(port);
      return;
    }
    const { limits, clock, debugged, giveUp } = this.#listener;
    const limitMs = Math.min(listenMs, limits.initTimeoutMs * usedShare);
    const waitedMs = (clock.nowUs() - this.#startUs) / 1000;
    if (waitedMs < limitMs || debugged) return this.#arm();
    this.#over = true;
    giveUp('silent', { port: this.#given, waitedMs: limitMs });
  }

  async #found(): Promise<number | undefined> {
    if (await this.#answers(this.#given)) return this.#given;
    const fixed = this.#fixed;
    if (fixed === undefined || taken.has(fixed) || !(await this.#answers(fixed))) return undefined;
    if (this.#over || taken.has(fixed)) return undefined;
    taken.add(fixed);
    this.#claimed = fixed;
    return fixed;
  }

  /** Its port is open and, where it has a path for that, says that it is ready. */
  async #answers(port: number): Promise<boolean> {
    const { healthPath } = this.#listener.program;
    if (!(await isOpen(port))) return false;
    return healthPath === undefined || isHealthy(port, healthPath);
  }
}

function isHealthy(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const url = { host: '127.0.0.1', port, path: path.startsWith('/') ? path : `/${path}`, agent: false };
    const request = get(url, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      resolve(statusCode >= 200 && statusCode < 400);
    });
    request.setTimeout(1000, () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
