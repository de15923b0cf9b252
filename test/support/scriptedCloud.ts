import { createServer } from 'node:http';
import { after } from 'node:test';

/** An answer of a cloud; bodies that are no text are sent as JSON. `cut`: the connection ends in the middle of it. */
export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  cut?: true;
}

export interface ScriptedRequest {
  /** `METHOD /path?query`. */
  what: string;
  body: Record<string, unknown>;
}

/** A cloud that answers as it is told, by request; those that match nothing are answered 404 without words. */
export interface ScriptedCloud {
  url: string;
  /** What was asked, in order. */
  seen: ScriptedRequest[];
  /** The next requests that match are answered so, one after the other; the last answer stays. */
  script(pattern: RegExp, ...answers: ScriptedAnswer[]): void;
}

/** Starts one on loopback until the tests of the file are over. */
export async function startScriptedCloud(): Promise<ScriptedCloud> {
  const scripts: { pattern: RegExp; answers: ScriptedAnswer[] }[] = [];
  const cloud: ScriptedCloud = {
    url: '',
    seen: [],
    // What is said last counts.
    script: (pattern, ...answers) => void scripts.unshift({ pattern, answers }),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const what = `${request.method} ${request.url}`;
      cloud.seen.push({ what, body: jsonIn(Buffer.concat(chunks).toString('utf8')) });
      const found = scripts.find(({ pattern }) => pattern.test(what));
      const [answer = { status: 404 }] = found?.answers ?? [];
      if (found && found.answers.length > 1) found.answers.shift();
      const { status = 200, headers = {}, body = '', cut } = answer;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(cut && { 'content-length': String(text.length + 100) }),
        ...headers,
      });
      if (!cut) return void response.end(text);
      response.write(text, () => void request.socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (typeof address === 'object' && address) cloud.url = `http://127.0.0.1:${address.port}`;
  return cloud;
}

function jsonIn(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Not every request has a body, and not every body is JSON.
    return {};
  }
}
