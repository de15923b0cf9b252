import { isLoopbackHost } from './loopback.ts';

/** What is sent to the address that a caller of an asynchronous invocation named. */
export interface Callback {
  headers: [name: string, value: string][];
  body: Uint8Array;
}

export interface CallbacksOptions {
  say(level: 'info' | 'warn', text: string): void;
}

/** Time its receiver gets, in milliseconds; it may be a function whose instance starts cold. */
const patienceMs = 60_000;

/** Where a callback goes; `text`: how people read it, without what may be secret. */
export interface CallbackTarget {
  url: string;
  text: string;
  /** Of the name and password in the address. */
  authorization?: string;
}

/**
 * The target of an address. Names of the cluster's gateway mean the one here; anything else has to be on this machine, as
 * results of a function under development are nobody else's.
 */
export function callbackTarget(
  address: string,
  gateway: string,
  gatewayNames: readonly string[] = [],
): CallbackTarget | { refused: string } {
  if (!URL.canParse(address)) return { refused: 'it is no URL' };
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol)) return { refused: 'only http and https are called' };
  const text = `${url.origin}${url.pathname}`;
  const { username, password } = url;
  const authorization =
    username || password
      ? `Basic ${Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString('base64')}`
      : undefined;
  url.username = url.password = '';
  const more = authorization === undefined ? {} : { authorization };
  if (gatewayNames.includes(url.hostname)) {
    return { url: new URL(`${url.pathname}${url.search}`, gateway).href, text, ...more };
  }
  if (isLoopbackHost(url.host)) return { url: url.href, text, ...more };
  return { refused: `${url.host} is not on this machine` };
}

/** Sends results of asynchronous invocations to their callers, once. What does not arrive is told. */
export class Callbacks {
  readonly #options: CallbacksOptions;
  readonly #ending = new AbortController();

  constructor(options: CallbacksOptions) {
    this.#options = options;
  }

  /** Never rejects. `of`: whose result it is, for people. */
  async send({ url, text, authorization }: CallbackTarget, of: string, callback: Callback): Promise<void> {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: [
          ...callback.headers,
          ...(authorization ? [['Authorization', authorization] as [string, string]] : []),
        ],
        body: new Uint8Array(callback.body),
        redirect: 'manual',
        signal: AbortSignal.any([this.#ending.signal, AbortSignal.timeout(patienceMs)]),
      });
      await answer.body?.cancel();
      const level = answer.status < 400 ? 'info' : 'warn';
      this.#options.say(level, `The result of ${of} was sent to ${text}, which answered ${answer.status}.`);
    } catch (error) {
      this.#options.say('warn', `The result of ${of} did not reach ${text}: ${reasonOf(error)}.`);
    }
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#ending.abort(new Error('the host ends'));
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `fetch` says no more than that it failed; why is its cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.message || cause?.code || message || String(error);
}
