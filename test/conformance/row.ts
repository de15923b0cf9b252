import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import type { InvocationStatus, PhaseName, PlatformId, StartKind } from '../../runtime/model/words.ts';
import type { Tested } from './tested.ts';

/** Settings of a function as `porchlight.yaml` takes them. */
export interface Settings {
  language?: string;
  interpreter?: string;
  command?: string[];
  runtime?: string;
  memory?: string;
  timeout?: string;
  env?: Record<string, string>;
  process?: Record<string, unknown>;
  initializer?: { handler: string; timeout: string };
}

/** A log entry as it has to be; `at`: the mark (`here: …`) of the source line that printed it. */
export interface ExpectedLog {
  stream: 'stdout' | 'stderr';
  level: string;
  text: string | RegExp;
  at?: string;
}

/** What an invocation must come to, as the platform's contract says. */
export interface Expectation {
  status?: InvocationStatus;
  /** The body that the invoke API answers; `''` is an empty one. */
  body?: string | RegExp | Buffer;
  /** The piece that it waits for: not run until then, but listed as to do. */
  needs?: string;
  /** `type: message` of the record's error. */
  error?: RegExp | undefined;
  /** The record's error points to the source line with this mark. */
  at?: string | undefined;
  /** Type of error the invoke API states, where it tells several. */
  errorType?: string;
  /** Output, in order. */
  logs?: ExpectedLog[] | undefined;
  /** Output in any order: what came past JavaScript is not ordered with the rest. */
  logsInclude?: ExpectedLog[];
  /** Lines of the platform itself, all of them, in order; `ID` stands for the request id. */
  platformLines?: RegExp[];
  phases?: PhaseName[] | undefined;
  startKind?: StartKind;
  /** What the HTTP trigger answers to the same. */
  http?: { status: number; body?: string | RegExp; headers?: Record<string, string | null> };
  /** Whatever else has to hold. */
  check?: (record: InvocationRecord, tested: Tested, body: Buffer) => void | Promise<void>;
}

/**
 * One behaviour: what a fixture does, and what must come of it. The fixture is the export of the row's name (in the
 * language's spelling) of the module; functions are named after rows.
 */
export interface Row extends Expectation {
  /** What the function does; also its name. */
  name: string;
  /** File of the fixture, without its ending. */
  module: string;
  /** The export, when it is not the row's name. */
  export?: string;
  /** JSON, or bytes as they are. Rows of one fixture share a function when their settings are equal. */
  event?: unknown;
  settings?: Settings;
  /** What differs by platform; `false`: the behaviour does not exist there. */
  on?: Partial<Record<PlatformId, Expectation | false>>;
  /** Depends on how code is loaded: run for every form of a language; others run for the first. */
  everyForm?: true;
  /** What a language or form must be able to do. */
  trait?: Trait;
  /** The instance ends by itself after the answer: that is waited for. */
  thenGone?: true;
  /**
   * What the next call with a good event comes to: the same again where the code cannot answer at all, nothing where
   * that would take as long once more.
   */
  then?: 'good' | 'same' | 'nothing';
  /** What differs by the form of the code, by the form's id. */
  inForm?: Partial<Record<string, Expectation>>;
}

/** Something that takes more than one call and its outcome. */
export interface Scenario {
  name: string;
  functions: (Pick<Row, 'module' | 'export' | 'settings'> & { name: string })[];
  on?: PlatformId[];
  everyForm?: true;
  needs?: string;
  run(tested: Tested): Promise<void>;
}

/** What not every language or form can do. */
export type Trait = 'topLevelAwait' | 'descriptors' | 'callbacks' | 'python' | 'php' | 'program';

/** Expectations that replace the table's, by row; `false`: the behaviour does not exist. */
export type Differences = Record<
  string,
  false | (Expectation & { on?: Partial<Record<PlatformId, Expectation | false>> })
>;

/**
 * The row's expectation on a platform; undefined where the behaviour does not exist. `others`: what differs on a platform
 * whose rows are in a table of its own.
 */
export function expectationOf(
  row: Row,
  platform: PlatformId,
  form: { id: string; differs?: Differences },
  others: Partial<Record<PlatformId, Differences>> = {},
): Expectation | undefined {
  const own = row.on?.[platform] ?? others[platform]?.[row.name];
  const differs = form.differs?.[row.name];
  const here = differs === false ? false : differs?.on?.[platform];
  if (differs === false || here === false || (own === false && !here)) return undefined;
  return { ...row, ...(own || {}), ...row.inForm?.[form.id], ...differs, ...here };
}
