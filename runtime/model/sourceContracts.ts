import type { FunctionDefinition, OtherTrigger } from './functionDefinition.ts';
import type { QueueContract } from './queues/queueContract.ts';
import type { Phrase } from '../support/l10n.ts';

/**
 * A cloud's part of its event sources, by kind: how its project files state a trigger, and which events it sends. Pure,
 * like everything of a platform; the sources themselves (`runtime/triggers`) know no platform by name.
 */
export interface SourceContracts {
  timer?: TimerContract;
  queue?: QueueContract;
  storage?: StorageContract;
}

/** Something wrong or noteworthy in a trigger's settings. */
export interface SourceProblem {
  severity: 'error' | 'warning' | 'info';
  /** The key of `config` it is about; the trigger as a whole when absent. */
  key?: string;
  /** What is wrong and what to do, as a sentence. */
  detail: string | Phrase;
}

/** When a timer fires. */
export interface Schedule {
  /** As people read it, e.g. `every 5 minutes`, `0 10 * * ? * (Asia/Shanghai)`. */
  text: string;
  /**
   * The first time after `after`, in milliseconds since the epoch; undefined when there is none any more. `from`: when
   * the timer began to run, from which intervals count.
   */
  next(after: number, from: number): number | undefined;
}

/** A timer's settings as its platform understands them. */
export interface TimerSettings {
  schedule: Schedule;
  enabled: boolean;
}

/** What a platform's timers say and send. */
export interface TimerContract {
  /** Reads the settings of a trigger; without a schedule there is an error among the problems. */
  read(trigger: OtherTrigger): { settings?: TimerSettings; problems: SourceProblem[] };
  /** The event for a time at which the timer fires. `id`: a random UUID. */
  event(trigger: OtherTrigger, facts: { at: Date; id: string; definition: FunctionDefinition }): Uint8Array;
}

/** What happened to an object of a bucket. */
export interface ObjectChange {
  kind: 'created' | 'removed';
  /** Path within the bucket, with `/`. */
  key: string;
  /** Bytes; 0 of one that is gone. */
  size: number;
  /** Bytes it had before, when it was there. */
  sizeBefore?: number;
  /** MD5 of the content in hexadecimal digits, lower case; empty of one that is gone. */
  md5: string;
}

/** A storage trigger's settings as its platform understands them. */
export interface StorageSettings {
  bucket: string;
  enabled: boolean;
  /**
   * The platform's names of the events that a local file stands for, as its events carry them; a kind that the trigger
   * does not listen to has none.
   */
  names: Partial<Record<ObjectChange['kind'], string>>;
  /** Filters of keys; empty: all. */
  prefix: string;
  suffix: string;
}

/** What a platform's storage triggers say and send. */
export interface StorageContract {
  read(trigger: OtherTrigger): { settings?: StorageSettings; problems: SourceProblem[] };
  /** The event of a change. `id`: a random UUID; `name`: of `StorageSettings.names`. */
  event(
    change: ObjectChange,
    facts: {
      settings: StorageSettings;
      name: string;
      trigger: OtherTrigger;
      definition: FunctionDefinition;
      at: Date;
      id: string;
      /** Grows from event to event. */
      sequence: number;
    },
  ): Uint8Array;
}
