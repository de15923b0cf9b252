import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CleansUp } from './hostFixture.ts';

/** Where a function waits until its test lets it go on. */
export interface Gate {
  url: string;
  /** Resolves when one waits. */
  reached(): Promise<void>;
  /** Lets one go on that waits, or the next that comes. */
  open(): void;
}

/** A server whose answers the test gives when it likes. */
export async function openGate(t: CleansUp): Promise<Gate> {
  const waiting: ServerResponse[] = [];
  let opened = 0;
  let told: (() => void)[] = [];
  const server = createServer((_request, response) => {
    if (opened > 0) {
      opened--;
      response.end();
    } else waiting.push(response);
    for (const tell of told) tell();
    told = [];
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached: () => (waiting.length > 0 ? Promise.resolve() : new Promise((resolve) => told.push(resolve))),
    open() {
      const response = waiting.shift();
      if (response) response.end();
      else opened++;
    },
  };
}
