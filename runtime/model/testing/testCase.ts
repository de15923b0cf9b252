import type { Problem } from '../project.ts';
import type { InvocationError, LogEntry } from '../invocationRecord.ts';
import type { SourcePosition } from '../words.ts';

/** A stretch of a user's file; `end*` is exclusive. */
export interface SourceRange extends SourcePosition {
  endLine: number;
  endColumn: number;
}

/** A saved event of a function, as clients list it. */
export interface TestCase {
  /** `<function>/<name>`, unique within a project. */
  id: string;
  function: string;
  name: string;
  /** The event file, or its entry in `porchlight.yaml`. */
  at: SourceRange;
  /** Where its expectation is, when that is a file of its own. */
  expectedAt?: SourcePosition;
  /** Absolute paths of the files it is made of: a change in one is a change of the test. */
  files: string[];
  /** Why it cannot be run, with file and line. */
  fault?: string;
}

/** Every saved event of a project. */
export interface TestList {
  tests: TestCase[];
  /** What is wrong or cannot be told in event files and expectations. */
  problems: Problem[];
  /** Where a new event of a function is to be put: an absolute folder, by function. */
  folders: Record<string, string>;
}

/** An expectation that did not hold. */
export interface TestFailure {
  /** The key of the expectation: status, result, cold, … */
  what: string;
  /** One or two sentences. */
  message: string;
  /** Both sides in lines, where a comparison helps. */
  expected?: string;
  actual?: string;
  /** Where the expectation stands; the test itself when nothing is stated. */
  at: SourcePosition;
}

/** How a test went. `errored`: it could not be carried out, so nothing is known about the function. */
export interface TestOutcome {
  id: string;
  function: string;
  name: string;
  status: 'passed' | 'failed' | 'errored' | 'cancelled';
  /** Of everything that was done for it, in milliseconds. */
  durationMs: number;
  /** Why it is `errored`. */
  reason?: string;
  failures: TestFailure[];
  /** What was measured, and how; also why it was not. */
  measures: string[];
  /** In the order in which they ran; the first one was compared with the expectation. */
  invocations: string[];
  /** How the first invocation began, e.g. `cold`. */
  startKind?: string;
  /** Of the first invocation. */
  error?: InvocationError;
  logs: LogEntry[];
  logsDropped: number;
}
