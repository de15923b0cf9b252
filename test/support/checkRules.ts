import { checkFile, type RuleFinding } from '../../extension/language/server/rules/checkFile.ts';
import type { FunctionFacts } from '../../extension/language/server/rules/facts.ts';
import { readLevels, ruleIds, type RuleId } from '../../extension/language/server/rules/ruleIds.ts';
import type { HttpTrigger } from '../../runtime/model/functionDefinition.ts';

/** Facts of a usual Lambda function, but for what a test states. */
export function facts(own: Partial<FunctionFacts> = {}): FunctionFacts {
  return {
    name: 'hello',
    platform: 'aws-lambda',
    language: 'nodejs',
    model: 'resident',
    maxInstances: 10,
    timeoutMs: 3000,
    codeRoot: '/p',
    triggers: [],
    runtimeVersion: 20,
    answersByResponse: false,
    runsInPlace: true,
    environment: new Set(),
    environmentIsOpen: false,
    importCosts: new Map(),
    ...own,
  };
}

export function httpTrigger(shape: string): HttpTrigger {
  return { kind: 'http', name: 'http', path: '/', methods: [], shape };
}

/** What one rule says about a text whose handler is called `handler`: line and message, or line and marked text. */
export function findings(
  rule: RuleId,
  text: string,
  own: Partial<FunctionFacts> = {},
  file = '/p/index.js',
): RuleFinding[] {
  const off = Object.fromEntries(ruleIds.filter((id) => id !== rule).map((id) => [id, 'off']));
  const named = /\b(?:exports\.handler|handler|lambda_handler|def handler)\b/.exec(text);
  const at = text.indexOf('handler', named?.index ?? 0);
  const place = { start: at, end: at + 'handler'.length };
  return checkFile(file, text, [{ facts: facts(own), place }], readLevels({ ...off, [rule]: 'warning' }));
}

/** Findings as `line: marked text`. */
export function marked(...given: Parameters<typeof findings>): string[] {
  const [, text] = given;
  return findings(...given).map(
    ({ start, end }) => `${text.slice(0, start).split('\n').length}: ${text.slice(start, end)}`,
  );
}

/** The text with the first finding's fix applied; undefined when it has none. */
export function fixed(...given: Parameters<typeof findings>): string | undefined {
  const [, text] = given;
  const fix = findings(...given).find((each) => each.fix)?.fix;
  if (!fix) return undefined;
  const edits = [...fix.edits].sort((a, b) => b.start - a.start);
  return edits.reduce((now, edit) => now.slice(0, edit.start) + edit.text + now.slice(edit.end), text);
}
