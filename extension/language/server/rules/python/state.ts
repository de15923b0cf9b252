import type { FunctionFacts } from '../facts.ts';
import type { Finding } from '../rule.ts';
import type { PythonModule } from './checkPython.ts';
import type { PythonFunction } from './functions.ts';
import { l10n } from '../../../../../runtime/support/l10n.ts';

/** Counters and lists of the module that invocations change and read; caches are left alone. */
export function pythonState(module: PythonModule, facts: FunctionFacts): Finding[] {
  if (facts.model === 'resident' && facts.maxInstances <= 1) return [];
  return module.reached.flatMap((each) => [
    ...counters(module, each).map((at) => finding(facts, at)),
    ...lists(module, each).map((at) => finding(facts, at)),
  ]);
}

interface Place {
  name: string;
  start: number;
}

/** `global count` and `count += 1`, which something but a line of the log reads. */
function counters({ lines }: PythonModule, each: PythonFunction): Place[] {
  return each.body.flatMap((line) => {
    const name = /^(\w+)\s*[-+*]=/.exec(line.code)?.[1];
    if (name === undefined || !each.globals.has(name)) return [];
    const begins = lines.some(
      ({ indent, code }) =>
        indent === 0 && new RegExp(`^${name}\\s*(?::\\s*\\w+\\s*)?=\\s*(?:\\d|['"])`).test(code),
    );
    const isSetAnew = each.body.some(({ code }) => new RegExp(`^${name}\\s*=(?!=)`).test(code));
    return begins && !isSetAnew && isRead(each, name) ? [{ name, start: line.start }] : [];
  });
}

/** `items = []` at module level, `items.append(…)` in the handler, and something that reads them. */
function lists({ lines, reached }: PythonModule, each: PythonFunction): Place[] {
  return each.body.flatMap((line) => {
    const name = /^(\w+)\.append\(/.exec(line.code)?.[1];
    if (name === undefined || each.locals.has(name)) return [];
    const begins = lines.some(
      ({ indent, code }) =>
        indent === 0 && new RegExp(`^${name}\\s*(?::[^=]+)?=\\s*(?:\\[\\]|list\\(\\))$`).test(code),
    );
    const clears = new RegExp(
      `(?<![.\\w])${name}\\s*(?:=(?!=)|\\.(?:clear|pop|remove)\\b|\\[:\\]\\s*=)|^del\\s+${name}\\b`,
    );
    const isCleared = reached.some(({ body }) => body.some(({ code }) => clears.test(code)));
    return begins && !isCleared && reached.some((other) => isRead(other, name))
      ? [{ name, start: line.start }]
      : [];
  });
}

function isRead({ body }: PythonFunction, name: string): boolean {
  const uses = new RegExp(`(?<![.\\w])${name}\\b(?!\\s*(?:[-+*]=|\\.append\\b))`);
  return body.some(({ code }) => !/^(?:global|print\(|log(?:ger|ging)?\.)/.test(code) && uses.test(code));
}

function finding(facts: FunctionFacts, { name, start }: Place): Finding {
  const values = { name, function: facts.name, instances: facts.maxInstances };
  return {
    start,
    end: start + name.length,
    message:
      facts.model === 'ephemeral'
        ? l10n.t(
            '`{name}` is kept from one invocation to the next, but every invocation of {function} begins in a new process, where it is as written here. Keep it in a store outside.',
            values,
          )
        : l10n.t(
            '`{name}` is kept from one invocation to the next, but {function} may run in {instances} instances at once, each with a `{name}` of its own. Keep it in a store outside.',
            values,
          ),
  };
}
