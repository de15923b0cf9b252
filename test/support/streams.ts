import assert from 'node:assert/strict';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { startHostOf } from './hostFixture.ts';

/** What a function of the fixture `streams` does, one after the other. */
export interface Step {
  write?: string;
  /** Waits for an answer from there. */
  gate?: string;
  megabytes?: number;
  type?: string;
  fails?: string;
  exits?: number;
  hangs?: true;
}

export type StreamingHost = Awaited<ReturnType<typeof startStreamingHost>>;

/** The host of the fixture `streams`. */
export async function startStreamingHost() {
  let stop!: () => Promise<void>;
  const host: Host = await startHostOf({ after: (run) => (stop = run) }, 'streams');
  const wrong = host.registry.problems.filter(({ severity }) => severity === 'error');
  assert.deepEqual(wrong, []);
  const finished = new Set<string>();
  for (const fn of host.registry.all) fn.onDidFinish(({ id }) => void finished.add(id));
  return Object.assign(host, {
    stop,
    post: (path: string, event: unknown, init: RequestInit = {}): Promise<Response> =>
      fetch(host.gateway.url + path, { method: 'POST', body: JSON.stringify(event), ...init }),
    nextRecord: (name: string): Promise<InvocationRecord> =>
      new Promise((resolve) => {
        const known = new Set(finished);
        const subscription = host.registry.get(name).onDidFinish((record) => {
          // Told again when late output came.
          if (known.has(record.id)) return;
          subscription.dispose();
          resolve(record);
        });
      }),
  });
}

/** Reads an answer while it comes. */
export function textReader(answer: Response) {
  const reader = answer.body!.getReader();
  let text = '';
  return {
    /** Resolves when a text has come. */
    async until(wanted: string): Promise<void> {
      while (!text.includes(wanted)) {
        const { done, value } = await reader.read();
        assert.ok(!done, `it ended with ${text}`);
        text += Buffer.from(value).toString('latin1');
      }
    },
    /** All of it, when it has ended; rejects when it was cut off. */
    async rest(): Promise<string> {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return text;
        text += Buffer.from(value).toString('latin1');
      }
    },
  };
}
