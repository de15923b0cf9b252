import type { FcTrigger } from './answers.ts';
import type { DesiredTriggers } from './desiredTriggers.ts';

/*
 * Triggers that a deploy made say so at the end of their descriptions: these are taken away when the project has them no
 * longer. Those of others, and those that were there before, stay.
 */

const mark = '[porchlight]';
const markAtEnd = /\s*\[porchlight\]$/;
/** What the cloud takes as a description. */
const longest = 256;

/** The description of a trigger that a deploy makes; one that leaves no room for the mark goes without. */
export function marked(description = ''): string {
  const text = `${description} ${mark}`.trim();
  return text.length > longest ? description : text;
}

/** A description as its author wrote it. */
export function unmarked(description: string | undefined): string {
  return (description ?? '').replace(markAtEnd, '');
}

export function isMarked({ description }: FcTrigger): boolean {
  return markAtEnd.test(description ?? '');
}

/** Triggers of the alias that deploys made and the project has no longer. What cannot be read at the moment stays. */
export function outdatedTriggers(
  there: readonly FcTrigger[],
  { triggers, routes, left }: DesiredTriggers,
  alias: string,
): FcTrigger[] {
  const stated = new Set([...triggers, ...routes, ...left].map(({ name }) => name));
  return there.filter(
    (found) => found.qualifier === alias && isMarked(found) && !stated.has(found.triggerName),
  );
}
