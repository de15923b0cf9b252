import type { InstanceEvent, InstanceLife } from '../../runtime/model/instanceLife.ts';
import { loadLimits, type LoadProgress, type LoadResult } from '../../runtime/model/load.ts';
import type { TimelineSpan } from '../../runtime/model/timelineSpan.ts';
import type { TimelineTexts } from './texts.ts';

/*
 * The editor's side of the timeline and its page. The page is ours, but what it sends is checked like anything that comes
 * from outside.
 */

/** What the editor tells the page. */
export type ToPage =
  /** Answers `ready`; everything else follows it. */
  | { type: 'begin'; texts: TimelineTexts; locale: string; folder: string; selected?: string }
  | { type: 'functions'; functions: string[] }
  /** The host runs; or it does not, and why. What is shown stays. */
  | { type: 'host'; running: boolean; text?: string }
  /** Everything known of instances; what the page had is void. */
  | { type: 'lives'; lives: InstanceLife[] }
  | { type: 'events'; events: InstanceEvent[] }
  /** New invocations, or other states of known ones. `more`: older ones still come. */
  | { type: 'spans'; spans: TimelineSpan[]; more: boolean }
  /** What the page had is void: the history was cleared, or another host has another one. */
  | { type: 'cleared' }
  | { type: 'selected'; id?: string }
  /** The load playground is asked for, maybe for a function. */
  | { type: 'playground'; function?: string }
  | { type: 'loadProgress'; total: number; progress: LoadProgress }
  | { type: 'loadEnded'; result?: LoadResult; error?: string };

/** What the page asks of the editor. */
export type FromPage =
  | { type: 'ready' }
  | { type: 'select'; id: string }
  /** Opens the source of the function that handled an invocation, or where it failed. */
  | { type: 'open'; id: string }
  | { type: 'startHost' }
  | { type: 'load'; load: PageLoad }
  | { type: 'cancelLoad' };

/** A load as the form of the page states it. */
export interface PageLoad {
  function: string;
  invocations: number;
  rate?: number;
  concurrency: number;
  /** Text of the event; the usual one when absent. */
  event?: string;
  startKind?: 'cold' | 'prewarmed' | 'warm';
}

/** Longest event text that the page may send, in characters. */
const longestEvent = 1024 * 1024;

/** Reads a message of the page; undefined for anything that is none. */
export function readFromPage(value: unknown): FromPage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Record<string, unknown>;
  switch (message['type']) {
    case 'ready':
    case 'startHost':
    case 'cancelLoad':
      return { type: message['type'] };
    case 'select':
    case 'open': {
      const { type, id } = message;
      return typeof id === 'string' && id.length <= 200 ? { type, id } : undefined;
    }
    case 'load': {
      const load = readLoad(message['load']);
      return load && { type: 'load', load };
    }
    default:
      return undefined;
  }
}

function readLoad(value: unknown): PageLoad | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    function: name,
    invocations,
    rate,
    concurrency,
    event,
    startKind,
  } = value as Record<string, unknown>;
  if (typeof name !== 'string' || !isCount(invocations, loadLimits.invocations)) return undefined;
  if (!isCount(concurrency, loadLimits.concurrency)) return undefined;
  if (rate !== undefined && !(typeof rate === 'number' && rate > 0 && rate <= loadLimits.rate))
    return undefined;
  if (event !== undefined && !(typeof event === 'string' && event.length <= longestEvent)) return undefined;
  const forced = (['cold', 'prewarmed', 'warm'] as const).find((kind) => kind === startKind);
  if (startKind !== undefined && !forced) return undefined;
  return {
    function: name,
    invocations,
    concurrency,
    ...(rate === undefined ? {} : { rate }),
    ...(event === undefined ? {} : { event }),
    ...(forced ? { startKind: forced } : {}),
  };
}

const isCount = (value: unknown, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
