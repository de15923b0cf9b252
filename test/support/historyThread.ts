import * as sqlite from 'node-sqlite3-wasm';
import { HistoryService, type ServiceOptions } from '../../runtime/history/historyService.ts';
import type { WorkerRequest } from '../../runtime/history/history.worker.ts';
import type { WorkerPort } from '../../runtime/history/historyWorker.ts';
import type { DatabaseClass } from '../../runtime/history/recordDatabase.ts';

/** The database engine. CommonJS: its exports are the default export, which its types do not know. */
export const { Database } = (sqlite as unknown as { default: typeof sqlite }).default;

/** What the history's thread does, in the thread of the test; `DatabaseOf` may be one that fails. */
export function historyInProcess(
  DatabaseOf: DatabaseClass = Database,
): (options: ServiceOptions) => WorkerPort {
  return (options) => {
    let send: (message: unknown) => void = () => {};
    const service = new HistoryService(options, DatabaseOf, (notice) => send({ notice }));
    return {
      post: (message) => {
        const { id, request } = message as WorkerRequest;
        service.handle(request).then(
          (value) => send({ id, value }),
          (error: Error) => send({ id, error: error.message }),
        );
      },
      onMessage: (listener) => (send = listener),
      onExit: () => {},
      hold: () => {},
    };
  };
}
