import { Agent, request } from 'node:http';
import type { SoakFunction } from './project.ts';

/** What came of one call. `lost`: the connection broke, as it does when the host is killed. */
export interface CallResult {
  function: string;
  n: number;
  outcome: 'answered' | 'lost';
  status?: number;
  /** The invocation's id, as the answer names it. */
  id?: string;
  /** A successful answer that is not the call's own. */
  wrong?: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Invokes once and says what came of it; never rejects. */
export function call(
  gateway: string,
  fn: SoakFunction,
  n: number,
  random: () => number,
): Promise<CallResult> {
  const body = JSON.stringify({ ...fn.event(random), n });
  return new Promise((resolve) => {
    const lost = () => resolve({ function: fn.name, n, outcome: 'lost' });
    const req = request(
      `${gateway}/_porchlight/invoke/${fn.name}`,
      { method: 'POST', agent, headers: { 'content-length': Buffer.byteLength(body) } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', lost);
        response.on('aborted', lost);
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          const id = response.headers['x-porchlight-invocation'];
          const text = Buffer.concat(chunks).toString();
          resolve({
            function: fn.name,
            n,
            outcome: 'answered',
            status,
            ...(typeof id === 'string' ? { id } : {}),
            ...(status === 200 && !text.startsWith(`{"n":${n},`) ? { wrong: text.slice(0, 100) } : {}),
          });
        });
      },
    );
    req.on('error', lost);
    req.end(body);
  });
}

/** Closes the connections that are kept open. */
export function closeConnections(): void {
  agent.destroy();
}
