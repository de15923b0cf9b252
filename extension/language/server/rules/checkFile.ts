import type { FunctionFacts } from './facts.ts';
import { ignoredLines, isIgnored } from './ignored.ts';
import { rules } from './index.ts';
import { checkPython } from './python/checkPython.ts';
import type { Finding } from './rule.ts';
import type { RuleId, RuleLevel } from './ruleIds.ts';
import { handlerAt } from './syntax/handlerCode.ts';
import { parseModule, type ModuleCode } from './syntax/moduleCode.ts';

/** A finding with the rule that made it. */
export interface RuleFinding extends Finding {
  rule: RuleId;
}

/** A function whose handler a file declares, and where the name of the export stands. */
export interface HandledFunction {
  facts: FunctionFacts;
  place: { start: number; end: number };
}

/** Generated files say nothing about what somebody wrote. */
const longestText = 1_000_000;
const averageLine = 400;

/** What the rules say of a file, for every function whose handler it declares; each place once, in order. */
export function checkFile(
  file: string,
  text: string,
  functions: readonly HandledFunction[],
  levels: Readonly<Record<RuleId, RuleLevel>>,
): RuleFinding[] {
  const lines = text.split('\n').length;
  if (functions.length === 0 || text.length > longestText || text.length / lines > averageLine) return [];
  const found = file.endsWith('.py')
    ? functions.flatMap(({ facts, place }) => checkPython(text, place, facts, levels))
    : checkScript(parseModule(file, text), functions, levels);
  const ignored = ignoredLines(text);
  const seen = new Set<string>();
  const starts = lineStarts(text);
  return found
    .filter(({ rule, start, end }) => {
      const key = `${rule} ${start} ${end}`;
      if (seen.has(key) || isIgnored(ignored, lineAt(starts, start), rule)) return false;
      seen.add(key);
      return true;
    })
    .sort((a, b) => a.start - b.start);
}

/** What the rules say of a script that is parsed. */
export function checkScript(
  code: ModuleCode,
  functions: readonly HandledFunction[],
  levels: Readonly<Record<RuleId, RuleLevel>>,
): RuleFinding[] {
  return functions.flatMap(({ facts, place }) => {
    const handler = handlerAt(code, place);
    return rules
      .filter(({ id }) => levels[id] !== 'off')
      .flatMap(({ id, check }) => check({ code, handler, facts }).map((each) => ({ ...each, rule: id })));
  });
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line of an offset, from 0. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
