import { parentPort, workerData } from 'node:worker_threads';
import * as sqlite from 'node-sqlite3-wasm';
import { HistoryService, type HistoryRequest, type ServiceOptions } from './historyService.ts';

/*
 * The thread that owns the history's database: neither writing nor searching takes time of the thread that serves.
 */

/** What the worker is sent. */
export interface WorkerRequest {
  id: number;
  request: HistoryRequest;
}

// CommonJS: its exports are the default export, which its types do not know.
const { Database } = (sqlite as unknown as { default: typeof sqlite }).default;
const port = parentPort!;
const service = new HistoryService(workerData as ServiceOptions, Database, (notice) =>
  port.postMessage({ notice }),
);

port.on('message', ({ id, request }: WorkerRequest) => {
  service
    .handle(request)
    .then(
      (value) => {
        port.postMessage({ id, value });
        if (request.do === 'rest' && value === true) port.close();
      },
      (error: unknown) =>
        port.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
    )
    .finally(() => {
      if (request.do === 'close') port.close();
    })
    .catch((error: unknown) => {
      // An answer that cannot be sent: whoever waits is told by the end of this thread.
      throw error;
    });
});
