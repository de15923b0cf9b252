import { type InvocationWarning, keepSaid } from '../model/invocationRecord.ts';
import type { ProcessSettings } from '../model/functionDefinition.ts';
import type { LoadCommand } from '../protocol/instance/messages.ts';
import type { CarriedState, Observation, OpenWork, OpenWorkKind } from '../protocol/instance/observations.ts';
import { findDeclaration } from './declarations.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';
import { listed, withTexts, phrase, say, type Phrase } from '../support/l10n.ts';

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
    const said = textOf(observation, fn.pool.settings);
    const text = fn.redact(say(said));
    keepSaid(invocation.summary, text, withTexts(said, fn.redact));
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

/** As sentences begin, and behind a number. */
const words: Record<OpenWorkKind, [one: Phrase, many: Phrase]> = {
  timer: [phrase('A timer'), phrase('timers')],
  interval: [phrase('An interval'), phrase('intervals')],
  immediate: [phrase('An immediate'), phrase('immediates')],
  request: [phrase('A request'), phrase('requests')],
  connection: [phrase('A connection being made'), phrase('connections being made')],
  server: [phrase('A server'), phrase('servers')],
  process: [phrase('A child process'), phrase('child processes')],
  worker: [phrase('A worker thread'), phrase('worker threads')],
  watcher: [phrase('A file watcher'), phrase('file watchers')],
  file: [phrase('A file operation'), phrase('file operations')],
  promise: [phrase('A call that nothing waited for'), phrase('calls that nothing waited for')],
  other: [phrase('An operation'), phrase('operations')],
};

/** One observation as a sentence or two. */
export function textOf(
  observation: Observation,
  settings: Pick<ProcessSettings, 'model' | 'freeze'>,
): Phrase {
  switch (observation.kind) {
    case 'openWork':
      return phrase('{first} {rest}', { first: openWorkText(observation), rest: consequence(settings) });
    case 'ranLater': {
      const { count } = observation;
      const [what] = words[observation.what];
      const invocation = shortId(observation.from);
      return count === 1
        ? phrase('{what} that invocation {invocation} left open ran during this one.', { what, invocation })
        : phrase('{what} that invocation {invocation} left open ran {count} times during this one.', {
            what,
            invocation,
            count,
          });
    }
    case 'carriedState':
      return carriedText(observation);
  }
}

function openWorkText({ what, count, detail }: OpenWork): Phrase {
  const [one, many] = words[what];
  const shown = detail ? ` (${detail})` : '';
  return count === 1
    ? phrase('{what}{detail} was still open at the answer.', { what: one, detail: shown })
    : phrase('{count} {what}{detail} were still open at the answer.', { count, what: many, detail: shown });
}

function consequence({ model, freeze }: Pick<ProcessSettings, 'model' | 'freeze'>): Phrase {
  if (model === 'ephemeral') return phrase('What is left open ended with the instance.');
  return freeze
    ? phrase(
        'What is left open is frozen with the instance and goes on in the middle of a later invocation, or never.',
      )
    : phrase(
        'In the cloud, what is left open is frozen with the instance and goes on in the middle of a later invocation, or never.',
      );
}

function carriedText({ what, names, more, from, callsAgo }: CarriedState): Phrase {
  const list = names.map(({ name, size }): string | Phrase => {
    const shown = `\`${name}\``;
    if (size === undefined) return shown;
    if (what === 'files') return phrase('{name} ({size} bytes)', { name: shown, size });
    if (size === 1) return phrase('{name} (1 entry)', { name: shown });
    return phrase('{name} ({size} entries)', { name: shown, size });
  });
  if (more > 0) list.push(phrase('{more} more', { more }));
  const shownNames = listed(list);
  const one = names.length + more === 1;
  const ago = callsAgo > 1 ? phrase(' (changed {calls} calls ago)', { calls: callsAgo }) : undefined;
  const facts = { names: shownNames, invocation: shortId(from), ago };
  if (what === 'variables')
    return phrase('{names} still held what invocation {invocation} left{ago}.', facts);
  return one
    ? phrase('{names} was still there from invocation {invocation}{ago}.', facts)
    : phrase('{names} were still there from invocation {invocation}{ago}.', facts);
}

/** Enough of an id to tell invocations apart, as lists show it. */
function shortId(id: string): string {
  return id.replace(/-/g, '').slice(-6);
}
