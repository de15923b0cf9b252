import { Agent, request, type IncomingMessage } from 'node:http';

/** An HTTP request that makes a host call a function. */
export interface Call {
  url: string;
  method: 'GET' | 'POST';
  body?: string;
}

export interface Answer {
  status: number;
  text: string;
  /** Milliseconds from the request to the end of the answer. */
  ms: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const oneOff = new Agent({ keepAlive: false });

/** Makes a call once. Rejects when the connection fails, or no answer has come after `timeout` milliseconds. */
export function send(call: Call, options: { timeout?: number; fresh?: boolean } = {}): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      call.url,
      {
        method: call.method,
        agent: options.fresh ? oneOff : agent,
        timeout: options.timeout ?? 60_000,
        ...(call.body === undefined
          ? {}
          : {
              headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(call.body) },
            }),
      },
      (incoming: IncomingMessage) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          const ms = performance.now() - started;
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), ms });
        });
      },
    );
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer from ${call.url} in time`)));
    outgoing.once('error', reject);
    outgoing.end(call.body);
  });
}

/** Makes a call once and insists on a text in the answer. */
export async function expectAnswer(call: Call, text: string): Promise<Answer> {
  const answer = await send(call);
  if (answer.status !== 200 || !answer.text.includes(text))
    throw new Error(`${call.url} answered ${answer.status} ${answer.text.slice(0, 200)} instead of ${text}`);
  return answer;
}

export interface Patience {
  /** Milliseconds until it is given up. */
  timeout: number;
  /** Milliseconds after which one call is made again: hosts that reload have been seen to forget a request. */
  attempt?: number;
  /** Ends the wait early, with the reason. */
  failed?: () => string | undefined;
}

/** Repeats a call until a text is in its answer; resolves at that moment. */
export async function untilAnswer(
  call: Call,
  text: string,
  { timeout, attempt = 10_000, failed }: Patience,
): Promise<Answer> {
  const end = performance.now() + timeout;
  let last: string | undefined;
  while (performance.now() < end) {
    try {
      const left = Math.max(1, Math.min(attempt, end - performance.now()));
      const answer = await send(call, { timeout: left, fresh: true });
      if (answer.status === 200 && answer.text.includes(text)) return answer;
      last = `${answer.status} ${answer.text.slice(0, 200)}`;
    } catch (error) {
      // An answer says more than the time-out that follows it at last.
      last ??= error instanceof Error ? error.message : String(error);
    }
    const reason = failed?.();
    if (reason !== undefined) throw new Error(reason);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`no ${text} from ${call.url} within ${Math.round(timeout / 1000)} s, last: ${last}`);
}
