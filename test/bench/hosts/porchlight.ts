import { distFile } from '../../../runtime/support/installRoot.ts';
import type { Call } from '../load/call.ts';
import { lambdaShape } from '../workload/sources.ts';
import { post, sourcesAt } from './functionFiles.ts';
import { connectTo } from './porchlightControl.ts';
import { writeProject } from './porchlightProject.ts';
import type { Subject } from './subject.ts';

/** Arguments that start a host for a folder. */
export function startArguments(folder: string, port: number, more: string[] = []): string[] {
  return [distFile('porchlight.cjs'), 'start', folder, '--port', String(port), '--json', ...more];
}

/** The gateway's plain invoke. */
export function invokeCall(port: number, name: string, start?: 'cold' | 'prewarmed' | 'warm'): Call {
  const query = start === undefined ? '' : `?start=${start}`;
  return post(port, `/_porchlight/invoke/${name}${query}`);
}

function porchlight(
  id: string,
  title: string,
  { parts, editor }: { parts: Subject['parts']; editor: boolean },
): Subject {
  return {
    id,
    title,
    parts,
    functions: ['hello', 'heavy', 'packages'],
    prepare: (site) =>
      writeProject(site, {
        hello: { source: 'hello' },
        heavy: { source: 'heavy' },
        packages: { source: 'packages' },
      }),
    source: sourcesAt((fn) => `${fn}.js`, lambdaShape),
    launch: ({ node, folder }, port) =>
      Promise.resolve({
        command: node,
        args: startArguments(folder, port),
        call: (fn) => invokeCall(port, fn),
        ...(editor ? { connect: () => connectTo(folder) } : {}),
      }),
  };
}

/** Porchlight as `porchlight start` runs it, called by its plain invoke; saved files are announced to it. */
export const porchlightInvoke = porchlight('porchlight', 'Porchlight', {
  parts: ['start', 'warm', 'memory', 'edit'],
  editor: true,
});

/** The same, when nobody announces what was saved and the host's own watcher has to notice. */
export const porchlightWatcher = porchlight('porchlight-watcher', 'Porchlight, edits outside the editor', {
  parts: ['edit'],
  editor: false,
});
