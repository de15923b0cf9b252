import type { FunctionFacts } from '../facts.ts';
import type { RuleFinding } from '../checkFile.ts';
import type { RuleId, RuleLevel } from '../ruleIds.ts';
import { pythonClients } from './clients.ts';
import { pythonFunctions, reachedFunctions, type PythonFunction } from './functions.ts';
import { pythonLines, type PythonLine } from './lines.ts';
import { pythonNotAwaited } from './notAwaited.ts';
import { pythonState } from './state.ts';

/** A Python module with the functions that run at every invocation. */
export interface PythonModule {
  text: string;
  lines: readonly PythonLine[];
  all: readonly PythonFunction[];
  handler: PythonFunction;
  /** The handler, and what it calls within the file. */
  reached: readonly PythonFunction[];
}

const checks: Partial<
  Record<RuleId, (module: PythonModule, facts: FunctionFacts) => Omit<RuleFinding, 'rule'>[]>
> = {
  'client-in-handler': pythonClients,
  'module-state': pythonState,
  'not-awaited': pythonNotAwaited,
};

/** What the rules that know Python say of a module whose handler's name stands at a place. */
export function checkPython(
  text: string,
  place: { start: number },
  facts: FunctionFacts,
  levels: Readonly<Record<RuleId, RuleLevel>>,
): RuleFinding[] {
  const lines = pythonLines(text);
  const all = pythonFunctions(lines);
  const handler = all.find(({ header }) => header.start <= place.start && place.start < header.end);
  if (!handler) return [];
  const module: PythonModule = { text, lines, all, handler, reached: reachedFunctions(all, handler) };
  return (Object.keys(checks) as RuleId[])
    .filter((id) => levels[id] !== 'off')
    .flatMap((rule) => checks[rule]!(module, facts).map((each) => ({ ...each, rule })));
}
