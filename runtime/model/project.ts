import type { Facts } from './errors.ts';
import type { FunctionDefinition } from './functionDefinition.ts';
import type { QueueDefinition } from './queues/queueDefinition.ts';
import type { DeclaredEvent } from './testing/savedEvent.ts';

/** Something wrong or noteworthy in the user's files. Lines and columns count from 1; `end*` is exclusive. */
export interface Problem {
  severity: 'error' | 'warning' | 'info';
  /** A stable code of the error catalogue. */
  code: string;
  /** What is wrong and what to do, in one or two sentences. */
  message: string;
  /** What the message is made of, for clients that say it in another language. */
  facts?: Facts;
  file: string;
  line?: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
  /** The function concerned, when there is just one. */
  function?: string;
  /** The environment variable concerned: gone when a `.env` file gives it a value. */
  variable?: string;
}

/** A deploy target of `porchlight.yaml`; `local` exists without being named. */
export interface TargetDefinition {
  name: string;
  type: string;
  settings: Record<string, unknown>;
}

/** A workspace folder with functions, as found from its own files. */
export interface Project {
  /** Absolute path of the folder. */
  root: string;
  functions: FunctionDefinition[];
  targets: TargetDefinition[];
  /** Queues that the project files declare. */
  queues: readonly QueueDefinition[];
  /** Saved events that the project files list, by function. */
  events: ReadonlyMap<string, readonly DeclaredEvent[]>;
  problems: Problem[];
  /** Absolute paths of the project files that were read; a change in one means reading the project again. */
  files: string[];
}
