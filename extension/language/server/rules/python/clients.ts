import type { FunctionFacts } from '../facts.ts';
import type { Finding, Fix } from '../rule.ts';
import type { PythonModule } from './checkPython.ts';
import type { PythonFunction } from './functions.ts';
import type { PythonLine } from './lines.ts';
import { l10n } from '../../../../../runtime/support/l10n.ts';

/* What makes a client or a connection, as modules are usually named. */
const makers =
  /(?<![.\w])(boto3\.(?:client|resource)|(?:psycopg2?|pymysql|MySQLdb|mysql\.connector|pyodbc|oracledb)\.connect|psycopg2\.pool\.\w+|redis\.(?:Redis|StrictRedis|from_url)|pymongo\.MongoClient|MongoClient|oss2\.(?:Bucket|Auth|Service)|tablestore\.OTSClient|OTSClient|elasticsearch\.Elasticsearch|Elasticsearch|create_engine|sqlalchemy\.create_engine)\(/g;

/** Clients made at every invocation of a function whose instances are kept. */
export function pythonClients({ text, lines, reached }: PythonModule, facts: FunctionFacts): Finding[] {
  if (facts.model !== 'resident') return [];
  return reached.flatMap((each) =>
    each.body.flatMap((line, i) =>
      [...line.code.matchAll(makers)].flatMap((match): Finding[] => {
        const name = match[1]!;
        const root = name.split('.')[0]!;
        if (each.locals.has(root) || !isImported(lines, root) || isKept(each, i)) return [];
        const given = argumentsOf(line.code, match.index + match[0].length - 1);
        if (given === undefined || usesLocals(given, each)) return [];
        const start = line.start + match.index;
        const fix = hoist(text, each, line, name);
        return [
          {
            start,
            end: start + name.length,
            message: l10n.t(
              '{client} is called at every invocation of {function}, whose instances are kept: each call pays for its connections again. Make the client once, outside of the handler.',
              { client: name, function: facts.name },
            ),
            ...(fix ? { fix } : {}),
          },
        ];
      }),
    ),
  );
}

function isImported(lines: readonly PythonLine[], name: string): boolean {
  const imports = new RegExp(`^(?:from\\s+\\S+\\s+)?import\\b.*(?<!\\.)\\b${name}\\b(?!\\s+as\\b)`);
  return lines.some(({ indent, code }) => indent === 0 && imports.test(code));
}

/** Kept in a variable of the module, or made behind a condition: then it is made once. */
function isKept({ body, globals, locals, parameters }: PythonFunction, at: number): boolean {
  const line = body[at]!;
  const target = /^(\w+)\s*(?::[^=]+)?=(?!=)/.exec(line.code)?.[1];
  if (target !== undefined && globals.has(target)) return true;
  // Put into something that lives on: `cache[key] = …`, `self.client = …`.
  if (/^[\w.]+(?:\[[^\]]*\]|\.\w+)\s*=(?!=)/.test(line.code)) return true;
  let { indent } = line;
  for (let i = at - 1; i >= 0 && indent > 0; i--) {
    const before = body[i]!;
    if (before.indent >= indent) continue;
    indent = before.indent;
    const condition = /^(?:el)?if\b(.*):|^while\b(.*):/.exec(before.code);
    const names = (condition?.[1] ?? condition?.[2] ?? '').match(/(?<![.\w])[A-Za-z_]\w*/g) ?? [];
    const ofModule = names.filter((name) => !locals.has(name) && !keywords.has(name));
    if (condition && (ofModule.length > 0 || names.some((name) => globals.has(name)))) return true;
  }
  // A helper that makes what it is asked for is kept by whoever asks, as far as can be known.
  return /^return\b/.test(line.code) && (parameters.length > 0 || body.length <= 2);
}

const keywords = new Set(['not', 'is', 'in', 'and', 'or', 'None', 'True', 'False', 'len', 'isinstance']);

/** What stands between brackets. */
function argumentsOf(code: string, open: number): string | undefined {
  let depth = 0;
  for (let i = open; i < code.length; i++) {
    if (/[([{]/.test(code[i]!)) depth++;
    else if (/[)\]}]/.test(code[i]!) && --depth === 0) return code.slice(open + 1, i);
  }
  return undefined;
}

function usesLocals(given: string, { locals }: PythonFunction): boolean {
  // Names of keyword arguments are no uses.
  const names = given.replace(/\b\w+\s*=(?!=)/g, '').match(/(?<![.\w])[A-Za-z_]\w*/g) ?? [];
  return names.some((name) => locals.has(name));
}

/** Moves `name = boto3.client(…)`, alone on its line, to right before the handler. */
function hoist(text: string, each: PythonFunction, line: PythonLine, name: string): Fix | undefined {
  const target = /^(\w+)\s*=\s*(?=boto3\.)/.exec(line.code)?.[1];
  const isAlone = each.body.filter(
    ({ code }) => target !== undefined && new RegExp(`^${target}\\s*=(?!=)`).test(code),
  );
  if (target === undefined || !/^boto3/.test(name) || isAlone.length !== 1) return undefined;
  if (line.indent !== each.body[0]!.indent || each.parameters.includes(target)) return undefined;
  const written = text.slice(line.start, line.end);
  const from = text.lastIndexOf('\n', line.start - 1) + 1;
  const newline = text.indexOf('\n', line.end);
  const rest = newline < 0 ? text.length : newline + 1;
  const isSingle =
    !written.includes('\n') && text.slice(line.end, rest).trim() === '' && !written.includes(';');
  const others = each.body.length > 1;
  const decorated = /(?:^|\n)[ \t]*@[^\n]*\n$/.test(text.slice(0, each.header.start));
  if (!isSingle || !others || decorated || text.slice(from, line.start).trim() !== '') return undefined;
  return {
    title: l10n.t('Make {0} once, outside of the handler', target),
    edits: [
      { start: each.header.start, end: each.header.start, text: `${written.trimEnd()}\n\n\n` },
      { start: from, end: rest, text: '' },
    ],
  };
}
