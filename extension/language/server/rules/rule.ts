import type { ModuleCode } from './syntax/moduleCode.ts';
import type { HandlerCode } from './syntax/handlerCode.ts';
import type { FunctionFacts } from './facts.ts';
import type { RuleId } from './ruleIds.ts';

/** A replacement in a text; offsets, `end` exclusive. Without a file it concerns the file that was looked at. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
}

/** A change that keeps what the code means but for what was found. */
export interface Fix {
  title: string;
  edits: TextEdit[];
}

/** Something in code that will surprise in the cloud. Offsets into the file's text. */
export interface Finding {
  start: number;
  end: number;
  /** One or two plain sentences: what happens, and what to do. */
  message: string;
  fix?: Fix;
  /** It fails for certain: a warning also where the rule only hints by default. */
  fails?: true;
  /** A line that would solve it in the `.env` file of the project. */
  variable?: string;
}

/** What a rule looks at: one file with the handler of one function in it. */
export interface RuleContext {
  code: ModuleCode;
  handler: HandlerCode;
  facts: FunctionFacts;
}

/** One rule. Pure: a text and facts of its function in, findings out; it keeps silent wherever it would have to guess. */
export interface Rule {
  id: RuleId;
  check(context: RuleContext): Finding[];
}
