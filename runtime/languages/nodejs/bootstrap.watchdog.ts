import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { durationMs } from '../../model/goDuration.ts';
import { RequestMetrics } from './bootstrap.requestMetrics.ts';

/*
 * What OpenFaaS expects of a container beside the function's answers (openfaas/of-watchdog): that it tells how it is, refuses what is
 * too much, counts its requests, and goes on for a while after it was asked to end. `start.json` says whether it is wanted.
 */

/** Of `start.json`. */
export interface WatchdogStart {
  healthPath: string;
  readyPath: string;
  metricsPort: number;
  /** Is there as long as the function takes requests; probes that run a command look for it. */
  lockFile: string;
}

/** A request of the function's, from its acceptance to its answer. */
export interface WatchedRequest {
  /** How long the function may take, in milliseconds; undefined without a bound. */
  timeoutMs: number | undefined;
}

export class Watchdog {
  readonly #start: WatchdogStart;
  readonly #metrics = new RequestMetrics();
  /** 0: no limit. */
  readonly #most = wholeNumber(process.env['max_inflight']);
  #ending = false;

  constructor(start: WatchdogStart) {
    this.#start = start;
  }

  /** The function takes requests from now on. */
  begin(host: string | undefined): void {
    const { metricsPort, lockFile } = this.#start;
    if (!isOn(process.env['suppress_lock'])) {
      try {
        writeFileSync(lockFile, '');
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        console.error(
          `${lockFile} cannot be written; set suppress_lock to true if nobody looks for it: ${why}`,
        );
      }
    }
    const server = createServer((request, response) => {
      request.resume();
      const found = request.url?.split('?', 1)[0] === '/metrics';
      const text = found ? this.#metrics.text() : 'Not Found';
      send(response, found ? 200 : 404, text, 'text/plain; version=0.0.4; charset=utf-8');
    });
    // Nobody may count then, but the function answers.
    server.once('error', (error) => console.error(`Nothing tells of requests: ${error.message}`));
    server.listen({ port: metricsPort, ...(host && { host }) });
    server.unref();
  }

  /** Tells that it ends, and resolves when whoever sends requests has had the time to see it. */
  async end(): Promise<void> {
    this.#ending = true;
    rmSync(this.#start.lockFile, { force: true });
    const ms = durationMs(process.env['healthcheck_interval'] ?? '') ?? 0;
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** Answers a request that is for the watchdog, or more than there may be at a time. Undefined: it was. */
  admit(
    request: IncomingMessage,
    response: ServerResponse,
    usualMs: number | undefined,
  ): WatchedRequest | undefined {
    const path = (request.url ?? '/').split('?', 1)[0];
    const { healthPath, readyPath } = this.#start;
    const isFull = this.#most > 0 && this.#metrics.inFlight >= this.#most;
    const refusal = `Concurrent requests are limited to ${this.#most}.\n`;
    if (path === healthPath || path === readyPath) {
      request.resume();
      if (this.#ending) send(response, 503, 'ending');
      else if (path === readyPath && isFull) send(response, 429, refusal);
      else send(response, 200, 'OK');
      return undefined;
    }
    const since = process.hrtime.bigint();
    const { method = 'GET' } = request;
    if (isFull) {
      request.resume();
      this.#metrics.count(method, 429, 0);
      send(response, 429, refusal);
      return undefined;
    }
    this.#metrics.inFlight++;
    response.once('close', () => {
      this.#metrics.inFlight--;
      this.#metrics.count(method, response.statusCode, secondsSince(since));
    });
    tellDuration(response, since);
    return { timeoutMs: shortest(usualMs, request.headers['x-timeout']) };
  }
}

/** `exec_timeout`, as the container's variables say it, and what the caller wants to be less. */
function shortest(usualMs: number | undefined, wanted: string | string[] | undefined): number | undefined {
  const bounds = [
    durationMs(process.env['exec_timeout'] ?? '') ?? usualMs,
    // A caller's has a unit.
    typeof wanted === 'string' && !/^\s*\d*\s*$/.test(wanted) ? durationMs(wanted) : undefined,
  ].filter((ms): ms is number => ms !== undefined && ms > 0);
  return bounds.length > 0 ? Math.min(...bounds) : undefined;
}

/** How long it took, in a header that is known when the answer begins. */
function tellDuration(response: ServerResponse, since: bigint): void {
  const { writeHead } = response;
  response.writeHead = (...given: unknown[]) => {
    response.writeHead = writeHead;
    const headers = given.at(-1);
    const duration = secondsSince(since).toFixed(6);
    if (Array.isArray(headers)) headers.push('X-Duration-Seconds', duration);
    else response.setHeader('X-Duration-Seconds', duration);
    return Reflect.apply(writeHead, response, given) as ServerResponse;
  };
}

function secondsSince(since: bigint): number {
  return Number(process.hrtime.bigint() - since) / 1e9;
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function wholeNumber(text = ''): number {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
}

function isOn(text = ''): boolean {
  return /^(true|1)$/i.test(text.trim());
}
