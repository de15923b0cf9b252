import { ruleIds, type RuleId } from './ruleIds.ts';

/** Which rules comments turn off, by line (from 0); an empty set stands for all of them. */
export type IgnoredLines = ReadonlyMap<number, ReadonlySet<string>>;

const comment = /(?:\/\/|\/\*|#)[ \t]*porchlight-ignore-next-line\b([^\n]*)/g;

/** Finds `// porchlight-ignore-next-line rule, other — why`. */
export function ignoredLines(text: string): IgnoredLines {
  const ignored = new Map<number, ReadonlySet<string>>();
  for (const match of text.matchAll(comment)) {
    const line = text.slice(0, match.index).split('\n').length;
    const [names = ''] = match[1]!.split(/--|—|\*\//);
    ignored.set(line, new Set(names.split(/[\s,]+/).filter((name) => ruleIds.includes(name as RuleId))));
  }
  return ignored;
}

/** Whether a rule says nothing about a line. */
export function isIgnored(ignored: IgnoredLines, line: number, rule: RuleId): boolean {
  const rules = ignored.get(line);
  return rules !== undefined && (rules.size === 0 || rules.has(rule));
}

/** The line that makes a rule silent about the next one, in the words of a file's language. */
export function ignoreComment(rule: RuleId, file: string, indent: string): string {
  const mark = file.endsWith('.py') ? '#' : '//';
  return `${indent}${mark} porchlight-ignore-next-line ${rule}\n`;
}
