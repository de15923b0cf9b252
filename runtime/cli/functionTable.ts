import { localized } from '../model/errors.ts';
import type { Problem } from '../model/project.ts';
import type { FunctionState } from '../protocol/control/state.ts';
import { milliseconds } from '../model/units.ts';
import { table } from './terminal.ts';

/** Functions as a compact table. Without a running host, addresses are paths: nobody listens. */
export function functionTable(functions: FunctionState[], running: boolean): string {
  const head = [
    'FUNCTION',
    'PLATFORM',
    'RUNS ON',
    'PROCESS',
    'COLD',
    'PREWARMED',
    'WARM',
    'INSTANCES',
    'URL',
  ];
  const rows = functions.map((fn) => [
    fn.name,
    fn.platform,
    fn.interpreter ?? fn.language,
    fn.process.model,
    median(fn, 'cold'),
    median(fn, 'prewarmed'),
    median(fn, 'warm'),
    instances(fn),
    address(fn, running),
  ]);
  return table([head, ...rows]);
}

/** Instances to which any debugger may attach, a line each. */
export function inspectorLines(functions: FunctionState[]): string {
  const open = functions.flatMap(({ instances: live }) => live.filter(({ inspector }) => inspector));
  return open.map(({ id, pid, inspector }) => `${id} (pid ${pid}): debugger at ${inspector}\n`).join('');
}

function address({ urls }: FunctionState, running: boolean): string {
  const url = urls.http[0] ?? urls.invoke;
  return running ? url : url.replace(/^[a-z]+:\/\/[^/]+/, '');
}

function median({ statistics }: FunctionState, kind: 'cold' | 'prewarmed' | 'warm'): string {
  const found = statistics[kind];
  return found ? `${milliseconds(found.medianMs)} (${found.count})` : '-';
}

function instances({ instances: live, queued }: FunctionState): string {
  const busy = live.filter(({ phase }) => phase === 'busy').length;
  const notes = [...(busy > 0 ? [`${busy} busy`] : []), ...(queued > 0 ? [`${queued} queued`] : [])];
  return notes.length > 0 ? `${live.length} (${notes.join(', ')})` : String(live.length);
}

/** A problem of the project's as compilers tell theirs: place, severity, what is wrong. */
export function problemLine(problem: Problem): string {
  const { severity, file, line, column } = problem;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}: ${severity}: ${localized(problem)}\n`;
}
