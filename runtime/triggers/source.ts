import type { FunctionDefinition, OtherTrigger } from '../model/functionDefinition.ts';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import type { CallFacts, Outcome, Platform } from '../model/platform.ts';
import type { SourceProblem } from '../model/sourceContracts.ts';
import type { InvocationStatus } from '../model/words.ts';
import type { Clock } from '../support/clock.ts';
import type { Phrase } from '../support/l10n.ts';

/** What a kind of source reads: a trigger as its project file states it, and whose it is. */
export interface TriggerFacts {
  trigger: OtherTrigger;
  definition: FunctionDefinition;
  platform: Platform;
  /** Absolute path of the project folder. */
  root: string;
}

/** One kind of event source. Members live in `runtime/triggers/<kind>`; `index.ts` lists them. */
export interface SourceKind {
  readonly kind: OtherTrigger['kind'];
  /** Reads a trigger's settings. Pure: it is asked whenever the project is read, in every host. */
  read(facts: TriggerFacts): { problems: SourceProblem[]; plan?: SourcePlan };
}

/** A trigger that was understood. */
export interface SourcePlan {
  /** What it is, in a few words: `every 5 minutes`, `bucket photos`. */
  summary: string;
  /** `false`: the project file has switched it off in the cloud. */
  enabled: boolean;
  /** Whether it fires by itself here without being started by hand; `never`: it can only be fired by hand. */
  startsByItself: boolean | 'never';
  /** Makes the source; nothing happens until it is started or fired. */
  open(services: SourceServices): Source;
}

/** What a source works with. */
export interface SourceServices {
  readonly facts: TriggerFacts;
  readonly clock: Clock;
  /** Absolute folder of our state in the project (`.porchlight`); it may not exist yet. */
  readonly stateFolder: string;
  /**
   * Hands an event to the function. Throws a `PorchlightError` when it cannot be taken; whatever comes of it afterwards
   * is told by the result.
   */
  deliver(delivery: Delivery): Delivered;
  /** Its state is another one now. */
  changed(): void;
  /** Something for people, once: what went wrong and what to do. */
  say(level: 'info' | 'warn', text: string): void;
}

/** One event on its way to the function. */
export interface Delivery {
  event: Uint8Array;
  /** One line that says what it is about, e.g. `photos/cat.png created`. */
  label: string;
  /**
   * `async`: the platform's asynchronous invocation, repeated by its rules when the function fails. `once`: the source
   * repeats by itself, if at all, and says with `attempt` which time it is.
   */
  mode: 'async' | 'once';
  attempt?: { number: number; of?: number };
  call?: CallFacts;
  /** Facts worth a line under the invocation. */
  notes?: (string | Phrase)[];
  /** Aborting ends the invocation as `interrupted`; of `once` alone. */
  signal?: AbortSignal;
}

/** An invocation that ended. */
export interface DeliveryResult {
  record: InvocationRecord;
  outcome: Outcome;
}

/** How an event was dealt with in the end. */
export interface DeliveryEnd {
  status: InvocationStatus;
  /** Invocations it took. */
  attempts: number;
  /** Why it was given up, when the function did not handle it. */
  reason?: string;
  last?: DeliveryResult;
}

/** An event that was taken. Neither promise rejects. */
export interface Delivered {
  /** The first attempt; undefined when the host ended before. */
  readonly first: Promise<DeliveryResult | undefined>;
  /** All attempts. */
  readonly ended: Promise<DeliveryEnd>;
}

/** What a source says about itself. */
export interface SourceState {
  /** What it does or waits for, in words, when it runs: `watches .porchlight/buckets/photos`. */
  text?: string | Phrase;
  /** Next times it fires by itself, milliseconds since the epoch, soonest first. */
  next?: number[];
  /** Absolute path of a folder people may open. */
  folder?: string;
  /** Events that wait, e.g. messages of a queue. */
  waiting?: number;
  /** Events that were given up and are kept: the dead letters of a queue. */
  dead?: number;
  /** Further facts, told one a row; `warns`: somebody should look at it. */
  details?: { label: Phrase; text: string | Phrase; warns?: boolean }[];
  /** Things that can be done besides firing, starting and stopping. */
  actions?: SourceAction[];
}

/** Something people can have a source do. */
export interface SourceAction {
  id: string;
  /** A button's words, e.g. `Purge`. */
  title: Phrase;
  /** What people are asked before, when it cannot be undone. */
  confirm?: Phrase;
}

/** Firing by hand. */
export interface FireCall {
  /** The event to send in the place of the source's own. */
  event?: Uint8Array;
  /** What the kind of source takes, e.g. `at` for timers, `key` for storage; anything else is refused. */
  options: Readonly<Record<string, string>>;
}

/** What firing by hand did: an event was handed over, or something else that `text` tells. */
export interface Fired {
  delivered?: Delivered;
  text?: string | Phrase;
}

/** A trigger's source of events. */
export interface Source {
  readonly state: SourceState;
  /** Fires by itself from now on. Rejects with what hinders it. */
  start(): Promise<void>;
  /** Fires no more by itself; what was handed over goes on. */
  stop(): Promise<void>;
  /** Fires now. Throws a `PorchlightError` for a call it cannot do. */
  fire(call: FireCall): Promise<Fired>;
  /** Carries out one of its actions; the result is plain data for whoever asked. */
  act?(action: string, argument: unknown): Promise<unknown>;
  /** Stops, and gives up everything it holds. */
  dispose(): Promise<void>;
}
