import { connectControl, type ControlConnection } from '../../../runtime/protocol/control/connection.ts';
import {
  FilesSaved,
  ListFunctions,
  StopInstance,
  type FunctionState,
} from '../../../runtime/protocol/control/messages.ts';
import { readHostFile, type HostFile } from '../../../runtime/host/hostFile.ts';
import { settle } from '../processes/settle.ts';
import type { Announcer } from './subject.ts';

/** A benchmark's view of a running Porchlight host: what the editor has. */
export interface HostControl extends Announcer {
  /** What a function's instances are doing, e.g. `['prewarmed', 'idle']`. */
  phases(name: string): Promise<string[]>;
  state(name: string): Promise<FunctionState>;
  /** Waits until a function's instances are as wanted; rejects after `timeout` milliseconds. */
  until(name: string, wanted: (phases: string[]) => boolean, timeout?: number): Promise<void>;
  /** Ends what served a function, spares excepted. */
  endInstances(name: string): Promise<void>;
}

const patienceMs = 30_000;

/** Connects to the host that runs for a folder. */
export async function connectTo(root: string): Promise<HostControl> {
  const file = await hostFileOf(root);
  const connection: ControlConnection = await connectControl({
    url: file.control,
    token: file.token,
    root,
    client: { kind: 'editor', name: 'bench', pid: process.pid },
  });
  const state = async (name: string): Promise<FunctionState> => {
    const { functions } = await connection.sendRequest(ListFunctions, undefined);
    const found = functions.find((each) => each.name === name);
    if (!found) throw new Error(`The host of ${root} knows no function ${name}.`);
    return found;
  };
  const phases = async (name: string): Promise<string[]> =>
    (await state(name)).instances.map(({ phase }) => phase);
  const until: HostControl['until'] = async (name, wanted, timeout = patienceMs) => {
    const end = performance.now() + timeout;
    let seen = await phases(name);
    while (!wanted(seen)) {
      if (performance.now() > end) throw new Error(`${name}: its instances are still [${seen.join(', ')}]`);
      await settle(20);
      seen = await phases(name);
    }
  };
  return {
    saved: (path) => connection.sendNotification(FilesSaved, { files: [path] }),
    phases,
    state,
    until,
    async endInstances(name) {
      const { instances } = await state(name);
      const served = instances.filter(({ phase }) => !isSpare(phase) && phase !== 'stopping');
      await Promise.all(served.map(({ id }) => connection.sendRequest(StopInstance, { instance: id })));
      await until(name, (seen) => seen.every(isSpare));
    },
    dispose: () => connection.dispose(),
  };
}

function isSpare(phase: string): boolean {
  return phase === 'prewarmed' || phase === 'starting';
}

/** The gateway answers some milliseconds before the host tells how to reach its control socket. */
async function hostFileOf(root: string): Promise<HostFile> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await settle(5)) {
    const file = await readHostFile(root);
    if (file) return file;
  }
  throw new Error(`No host runs for ${root}.`);
}
