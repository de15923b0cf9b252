import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { InvocationRecord } from '../../model/invocationRecord.ts';
import type { InvocationStatus, TriggerKind } from '../../model/words.ts';
import type { ControlErrorData, InvokeParams } from './messages.ts';
import type { Phrase } from '../../support/l10n.ts';

/*
 * Triggers of the functions of a host: where their events come from, which of them fire by themselves now, and what
 * they did.
 */

/**
 * `running`: fires by itself. `stopped`: could, but is not started. `disabled`: switched off in the project file.
 * `manual`: only by hand. `failed`: its settings are wrong, or it could not start.
 */
export type TriggerStatus = 'running' | 'stopped' | 'disabled' | 'manual' | 'failed';

/** A trigger as clients see it. Times in milliseconds since the epoch. */
export interface TriggerState {
  function: string;
  /** Unique within the function. */
  name: string;
  kind: TriggerKind;
  /** How texts of it are said in other languages, by the text; others are said as they are. */
  said?: Record<string, Phrase>;
  /** What it is, in a few words: `every 5 minutes`, `GET /hello`. */
  summary: string;
  status: TriggerStatus;
  /** What it does or waits for, in words. */
  text?: string;
  /** Why it failed. */
  problem?: string;
  /** When it will fire by itself; of a timer that is not running, when the cloud's would. Soonest first. */
  next?: number[];
  /** A folder people may open, as an absolute path. */
  folder?: string;
  /** Events that wait. */
  waiting?: number;
  /** Events that were given up and are kept: the dead letters of a queue. */
  dead?: number;
  details?: { label: string; text: string; warns?: boolean }[];
  /** What can be done with `ActOnTrigger`. */
  actions?: { id: string; title: string; confirm?: string }[];
  /** Events it handed over since the host started, and the latest of them. */
  fired: number;
  last?: {
    at: number;
    label: string;
    /** `running` while attempts go on or are to come. */
    status: InvocationStatus;
    attempts: number;
    /** Id of the latest attempt's invocation. */
    invocation?: string;
    /** Why it was given up. */
    reason?: string;
  };
}

/** All triggers, in the order of the project, or those of one function. */
export const ListTriggers = new RequestType<{ function?: string }, TriggerState[], ControlErrorData>(
  'triggers/list',
);

/** Triggers of these functions, or their states, are others than before; a function that is gone has none. */
export const TriggersChanged = new NotificationType<{
  functions: { name: string; triggers: TriggerState[] }[];
}>('triggers/changed');

export interface FireTriggerParams {
  function: string;
  /** May be left out when the function has just one trigger that can be fired. */
  trigger?: string;
  /** The event to send in the place of the source's own. */
  event?: InvokeParams['event'];
  /** What the kind of source takes, e.g. `{ at: '2026-11-26T10:00:00Z' }` for timers, `{ key: 'a.txt' }` for storage. */
  options?: Record<string, string>;
}

/** What firing did. */
export interface FireTriggerResult {
  trigger: string;
  /** The first attempt, with its whole result; absent when the source had something else to do, which `text` tells. */
  record?: InvocationRecord;
  text?: string;
}

/** Fires a trigger now, whether it runs or not; answers when the function has had its first attempt. */
export const FireTrigger = new RequestType<FireTriggerParams, FireTriggerResult, ControlErrorData>(
  'triggers/fire',
);

/** Lets a trigger fire by itself, or no longer, until the host ends or its settings change. */
export const SetTriggerRunning = new RequestType<
  { function: string; trigger: string; running: boolean },
  TriggerState,
  ControlErrorData
>('triggers/setRunning');

/** Has a trigger's source do one of its `actions`, or something else it offers to programs. The result is plain data. */
export const ActOnTrigger = new RequestType<
  { function: string; trigger: string; action: string; argument?: unknown },
  unknown,
  ControlErrorData
>('triggers/act');
