import { isPending, type Tracker } from './tracker.ts';
import { resemble } from './timers.ts';

type AnyFunction = (...args: unknown[]) => unknown;

interface Response {
  complete: boolean;
  destroyed: boolean;
}

interface Request {
  method?: string;
  protocol?: string;
  getHeader(name: string): unknown;
  path?: string;
  destroyed: boolean;
  closed?: boolean;
  res?: Response | null;
}

/** No response yet, or one that nobody has read to its end. */
function isUnderWay(subject: object): boolean {
  const { destroyed, closed, res } = subject as Request;
  if (destroyed || closed) return false;
  return !res || !(res.complete || res.destroyed);
}

/** Method and place without the query, which may hold secrets. */
function requestText(subject: object): string {
  const request = subject as Request;
  const { method = 'GET', protocol = 'http:', path = '' } = request;
  return `${method} ${protocol}//${String(request.getHeader('host') ?? '')}${path.split('?', 1)[0]}`;
}

/** Watches requests made by `node:http` or `node:https`. */
export function watchHttp(tracker: Tracker, module: Record<string, unknown>): void {
  for (const name of ['request', 'get']) {
    const original = module[name] as AnyFunction;
    const patched = function (this: unknown, ...args: unknown[]): unknown {
      const request = Reflect.apply(original, this, args) as object;
      tracker.add('request', request, patched, isUnderWay, requestText);
      return request;
    };
    resemble(patched, original);
    module[name] = patched;
  }
}

/** Watches `fetch`. Its promise is looked at from outside only. */
export function watchFetch(tracker: Tracker): void {
  const globals = globalThis as { fetch?: AnyFunction };
  const original = globals.fetch;
  if (typeof original !== 'function') return;
  const patched = function (this: unknown, ...args: unknown[]): unknown {
    const promise = Reflect.apply(original, this, args) as object;
    tracker.add('request', promise, patched, isPending, () => fetchText(args[0], args[1]));
    return promise;
  };
  resemble(patched, original);
  globals.fetch = patched;
}

function fetchText(input: unknown, init: unknown): string | undefined {
  try {
    const request = input as { url?: unknown; method?: unknown };
    const url = new URL(typeof request.url === 'string' ? request.url : String(input));
    const method = (init as { method?: unknown } | undefined)?.method ?? request.method ?? 'GET';
    return `${String(method).toUpperCase()} ${url.origin}${url.pathname}`;
  } catch {
    // Not an address: fetch itself has said so.
    return undefined;
  }
}
