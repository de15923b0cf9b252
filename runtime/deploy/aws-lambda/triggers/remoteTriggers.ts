import { saidOf } from '../../../model/errors.ts';
import type { LambdaApi } from '../lambdaApi.ts';
import { callerText } from './callers/desiredCaller.ts';
import { findCallers, remoteCallerText, staleIn, type RemoteCallers } from './callers/findCallers.ts';
import { provideCallers, removeCallers, type Attempt } from './callers/provideCallers.ts';
import { sourceText, type DesiredTriggers } from './desiredTriggers.ts';
import { listSources, provideSource, remoteText, removeSource, type RemoteSource } from './eventSources.ts';
import { nameOfStatement } from './permissions.ts';
import type { Place } from './place.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** What calls an alias there, as far as a deploy sets it up. */
export interface RemoteTriggers {
  sources: RemoteSource[];
  callers: RemoteCallers;
}

/** One round trip, unless there are sources that the project does not state; two where services call it by themselves. */
export async function findTriggers(
  api: LambdaApi,
  place: Place,
  desired: DesiredTriggers,
): Promise<RemoteTriggers> {
  const [sources, callers] = await Promise.all([
    listSources(api, place, new Set(desired.sources.map(({ id }) => id))),
    findCallers(api, place, desired),
  ]);
  return { sources, callers };
}

/** Triggers that a deploy sets up, as texts that are compared. */
export function desiredTexts({ sources, callers }: DesiredTriggers): Record<string, string> {
  const texts = [
    ...sources.map(({ name, members, kind }) => [`triggers.${name}`, sourceText(members, kind)] as const),
    ...callers.map((caller) => [`triggers.${caller.name}`, callerText(caller)] as const),
  ];
  return Object.fromEntries(texts);
}

/** The same of what is there: of stated ones, and of those that a deploy made for triggers that are gone since. */
export function remoteTexts(remote: RemoteTriggers, desired: DesiredTriggers): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const source of remote.sources) {
    const name = desired.sources.find(({ id }) => id === source.id)?.name ?? source.madeFor;
    if (name !== undefined) texts[`triggers.${name}`] ??= remoteText(source);
  }
  for (const caller of desired.callers) {
    const text = remoteCallerText(remote.callers, caller);
    if (text !== undefined) texts[`triggers.${caller.name}`] = text;
  }
  for (const { name, text } of remote.callers.leftOver) texts[`triggers.${name}`] ??= text;
  for (const permission of staleIn(remote.callers, desired))
    texts[`triggers.${nameOfStatement(permission)}`] ??= permission.text;
  return texts;
}

/** Sources of the alias that nobody here made or states: they stay, and go on calling it. */
export function foreignSources({ sources }: RemoteTriggers, desired: DesiredTriggers): RemoteSource[] {
  return sources.filter(
    ({ id, madeFor }) => madeFor === undefined && desired.sources.every((wanted) => wanted.id !== id),
  );
}

/** Sets triggers up, and takes away those that a deploy made and the project no longer states; what goes wrong is told. */
export async function provideTriggers(
  api: LambdaApi,
  place: Place,
  desired: DesiredTriggers,
  before: RemoteTriggers,
): Promise<Phrase[]> {
  const problems: Phrase[] = [];
  const attempt: Attempt = async (name, work) => {
    try {
      const open = await work();
      if (open) problems.push(phrase('Its trigger {name}: {open}', { name, open }));
    } catch (error) {
      const detail = saidOf(error);
      problems.push(
        phrase('Its trigger {name} is not set up: {detail} Deploy again to complete it.', { name, detail }),
      );
    }
  };
  const gone = before.sources.filter(
    ({ id, madeFor }) => madeFor !== undefined && desired.sources.every((wanted) => wanted.id !== id),
  );
  for (const source of gone) await attempt(source.madeFor!, () => removeSource(api, source));
  for (const source of desired.sources) {
    const there = before.sources.find(({ id }) => id === source.id);
    await attempt(source.name, () => provideSource(api, place, source, there));
  }
  await provideCallers(api, place, desired, before.callers, attempt);
  return problems;
}

/** Takes away what a deploy made, before the function goes. */
export async function removeTriggers(api: LambdaApi, place: Place): Promise<void> {
  for (const source of await listSources(api, place, new Set()))
    if (source.madeFor !== undefined) await removeSource(api, source);
  await removeCallers(api, place);
}
