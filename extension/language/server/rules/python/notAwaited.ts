import type { FunctionFacts } from '../facts.ts';
import type { Finding } from '../rule.ts';
import type { PythonModule } from './checkPython.ts';
import type { PythonFunction } from './functions.ts';
import { l10n } from '../../../../../runtime/support/l10n.ts';

/** Threads nobody joins, and coroutines of the module that are called without `await`. */
export function pythonNotAwaited({ all, reached }: PythonModule, _facts: FunctionFacts): Finding[] {
  const coroutines = new Set(all.filter(({ isAsync }) => isAsync).map(({ name }) => name));
  return reached.flatMap((each) => [...threads(each), ...forgotten(each, coroutines)]);
}

function threads({ body }: PythonFunction): Finding[] {
  const isJoined = body.some(({ code }) => /\.join\(\s*(?:\)|timeout\b|\d)/.test(code));
  if (isJoined) return [];
  return body.flatMap(({ code, start }) => {
    const direct = /^(?:threading\.)?Thread\(.*\)\.start\(\)$/.test(code);
    const name = /^(\w+)\.start\(\)$/.exec(code)?.[1];
    const made =
      name !== undefined &&
      body.some((line) => new RegExp(`^${name}\\s*=\\s*(?:threading\\.)?Thread\\(`).test(line.code));
    if (!direct && !made) return [];
    return [
      {
        start,
        end: start + code.length,
        message: l10n.t(
          'Nothing waits for this: when the handler answers first, the rest of it is frozen with the instance, or never happens. Join the thread before the end.',
        ),
      },
    ];
  });
}

function forgotten(each: PythonFunction, coroutines: ReadonlySet<string>): Finding[] {
  return each.body.flatMap(({ code, start }) => {
    const name = /^(\w+)\([^]*\)$/.exec(code)?.[1];
    if (name === undefined || !coroutines.has(name) || each.locals.has(name)) return [];
    const fix = { title: l10n.t('Wait for it with await'), edits: [{ start, end: start, text: 'await ' }] };
    return [
      {
        start,
        end: start + name.length,
        message: l10n.t('`{0}` is a coroutine: without await it does not run at all.', name),
        ...(each.isAsync ? { fix } : {}),
      },
    ];
  });
}
