import type { InvocationWarning } from '../model/invocationRecord.ts';
import type { ProcessSettings } from '../model/functionDefinition.ts';
import type { LoadCommand } from '../protocol/instance/messages.ts';
import type { CarriedState, Observation, OpenWork, OpenWorkKind } from '../protocol/instance/observations.ts';
import { findDeclaration } from './declarations.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';

/** Time an instance has to say what it noticed: it is busy with nothing else, but may have to load the code for it first. */
export const observedLimitMs = 1000;

/** How an instance is told to watch its invocations; nothing where it is not to, or its language cannot. */
export function observing(
  { observe, model }: Pick<ProcessSettings, 'observe' | 'model'>,
  module: string | undefined,
  debugged: boolean,
): Pick<LoadCommand, 'observe'> {
  if (observe === false || module === undefined) return {};
  const state = model === 'resident' && !debugged;
  return { observe: { module, mode: observe === 'full' ? 'full' : 'on', state } };
}

/** Puts what the instance noticed of an invocation into its record. */
export async function noteObserved(fn: FunctionRuntime, invocation: Invocation): Promise<void> {
  const observations = (await invocation.observed) ?? [];
  if (observations.length === 0) return;
  const warnings = observations.map((observation) => {
    const place = placeOf(observation);
    const at = place && fn.maps.map(place);
    const text = fn.redact(textOf(observation, fn.pool.settings));
    return {
      kind: observation.kind === 'carriedState' ? 'carriedState' : 'openWork',
      text,
      ...(at ? { at } : {}),
      ...(observation.kind === 'openWork' ? {} : { from: observation.from }),
    } satisfies InvocationWarning;
  });
  invocation.summary.warnings = warnings;
}

function placeOf(observation: Observation): { file: string; line: number; column: number } | undefined {
  if (observation.kind === 'carriedState') {
    const named = observation.names.find(({ file }) => file !== undefined);
    return named && findDeclaration(named.file!, named.name);
  }
  const { frame } = observation;
  return frame && { file: frame[0], line: frame[1], column: frame[2] };
}

const words: Record<OpenWorkKind, [one: string, many: string]> = {
  timer: ['a timer', 'timers'],
  interval: ['an interval', 'intervals'],
  immediate: ['an immediate', 'immediates'],
  request: ['a request', 'requests'],
  connection: ['a connection being made', 'connections being made'],
  server: ['a server', 'servers'],
  process: ['a child process', 'child processes'],
  worker: ['a worker thread', 'worker threads'],
  watcher: ['a file watcher', 'file watchers'],
  file: ['a file operation', 'file operations'],
  promise: ['a call that nothing waited for', 'calls that nothing waited for'],
  other: ['an operation', 'operations'],
};

/** One observation as a sentence or two. */
export function textOf(
  observation: Observation,
  settings: Pick<ProcessSettings, 'model' | 'freeze'>,
): string {
  switch (observation.kind) {
    case 'openWork':
      return `${openWorkText(observation)} ${consequence(settings)}`;
    case 'ranLater': {
      const times = observation.count === 1 ? '' : ` ${observation.count} times`;
      const name = capital(words[observation.what][0]);
      return `${name} that invocation ${shortId(observation.from)} left open ran${times} during this one.`;
    }
    case 'carriedState':
      return carriedText(observation);
  }
}

function openWorkText({ what, count, detail }: OpenWork): string {
  const [one, many] = words[what];
  const name = count === 1 ? one : `${count} ${many}`;
  return `${capital(name)}${detail ? ` (${detail})` : ''} ${count === 1 ? 'was' : 'were'} still open at the answer.`;
}

function consequence({ model, freeze }: Pick<ProcessSettings, 'model' | 'freeze'>): string {
  if (model === 'ephemeral') return 'What is left open ended with the instance.';
  return freeze
    ? 'What is left open is frozen with the instance and goes on in the middle of a later invocation, or never.'
    : 'In the cloud, what is left open is frozen with the instance and goes on in the middle of a later invocation, or never.';
}

function carriedText({ what, names, more, from, callsAgo }: CarriedState): string {
  const list = names.map(({ name, size }) => {
    if (size === undefined) return `\`${name}\``;
    if (what === 'files') return `\`${name}\` (${size} bytes)`;
    return `\`${name}\` (${size === 1 ? '1 entry' : `${size} entries`})`;
  });
  if (more > 0) list.push(`${more} more`);
  const one = names.length + more === 1;
  const ago = callsAgo > 1 ? ` (changed ${callsAgo} calls ago)` : '';
  const source = `invocation ${shortId(from)}`;
  if (what === 'variables') return `${list.join(', ')} still held what ${source} left${ago}.`;
  return `${list.join(', ')} ${one ? 'was' : 'were'} still there from ${source}${ago}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Enough of an id to tell invocations apart, as lists show it. */
function shortId(id: string): string {
  return id.replace(/-/g, '').slice(-6);
}
