import { posix } from 'node:path';
import * as v from 'valibot';
import { splitHandler } from '../handlerString.ts';
import type { FunctionDefinition } from '../functionDefinition.ts';
import { programLanguages, runnableLanguages } from '../languages.ts';
import { checkHooks, checkMemory, checkTimeout } from '../platformDefaults.ts';
import type { ProblemList } from './problemList.ts';
import { entriesOf, getIn, rangeOf, textOf, type Tree } from './tree.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/* What the readers of the clouds' files have in common. */

/** Numbers, also as text: a variable's value is always text. */
export const numeric = v.union(
  [v.number(), v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/, 'expected a number.'))],
  'expected a number.',
);

/** Text, also written as a bare number or truth value. */
export const textual = v.union([v.string(), v.number(), v.boolean()], 'expected text.');

/** Values of the environment: text by name, and what cannot be known here. */
export interface ReadEnvironment {
  env: Record<string, string>;
  unresolvedEnv: NonNullable<FunctionDefinition['unresolvedEnv']>;
}

/** Reads a map of variables whose values are resolved already; each that is not gives one warning. */
export function readEnvironment(
  tree: Tree | undefined,
  name: string,
  problems: ProblemList,
): ReadEnvironment {
  const read: ReadEnvironment = { env: {}, unresolvedEnv: {} };
  if (tree && tree.kind !== 'map' && textOf(tree) !== undefined) {
    const detail = phrase('expected names with values.');
    problems.add('error', 'SETTING_INVALID', { path: `${name}.environment`, detail }, tree.range, {
      function: name,
    });
  }
  for (const [variable, value] of entriesOf(tree)) {
    const about = { function: name, variable };
    if (value.kind === 'unresolved') {
      const expression = value.expression;
      read.unresolvedEnv[variable] = { expression, at: problems.positionOf(value.range.start) };
      const detail = value.reason ?? phrase('give {variable} a value in .env.', { variable });
      problems.add('warning', 'VALUE_UNRESOLVED', { expression, detail }, value.range, about);
    } else if (value.kind === 'scalar') {
      read.env[variable] = value.source;
    } else {
      const facts = {
        path: `${name}.${variable}`,
        detail: phrase('expected text, a number, true or false.'),
      };
      problems.add('error', 'SETTING_INVALID', facts, value.range, about);
    }
  }
  return read;
}

/** Tells what is wrong with a definition as a whole: handler, bounds of its platform, language. */
export function checkDefinition(
  definition: FunctionDefinition,
  at: {
    tree: Tree;
    handler: string;
    memory: string;
    timeout: string;
    runtime: string;
    name: string;
    /** Key under which the hooks stand, where the file can state some. */
    hooks?: string;
  },
  problems: ProblemList,
): void {
  const about = { function: definition.name };
  const range = (setting: string) => rangeOf(at.tree, [setting]);
  if (!runnableLanguages.includes(definition.language)) {
    const facts = { function: definition.name, runtime: definition.runtime ?? definition.language };
    problems.add('info', 'LANGUAGE_LATER', facts, range(at.runtime), about);
  } else if (programLanguages.includes(definition.language)) {
    // What is started is no handler, and is looked for when it is started.
  } else if (definition.handler === '') {
    if (getIn(at.tree, at.handler)?.kind !== 'unresolved' && !problems.broken) {
      const place = getIn(at.tree, at.handler) ? range(at.handler) : range(at.name);
      problems.add('error', 'HANDLER_MISSING', { function: definition.name }, place, about);
    }
  } else if (!splitHandler(definition.handler, definition.platform, definition.language)) {
    problems.add('error', 'HANDLER_INVALID', { handler: definition.handler }, range(at.handler), about);
  }
  for (const [hook, detail] of checkHooks(definition)) {
    const path = `${definition.name}.${hook}.timeout`;
    const place = rangeOf(at.tree, at.hooks ? [at.hooks, hook, 'timeout'] : []);
    problems.add('warning', 'SETTING_INVALID', { path, detail }, place, about);
  }
  for (const [setting, detail] of [
    [at.memory, checkMemory(definition.memoryMB, definition.platform)],
    [at.timeout, checkTimeout(definition.timeoutMs, definition.platform)],
  ] as const) {
    if (detail) {
      const path = `${definition.name}.${setting}`;
      problems.add('warning', 'SETTING_INVALID', { path, detail }, range(setting), about);
    }
  }
}

/** Tells settings (other than variables) whose value cannot be known on this machine. */
export function reportUnresolved(tree: Tree, name: string, problems: ProblemList): void {
  for (const [, value] of entriesOf(tree)) {
    if (value.kind === 'unresolved') {
      const { expression, reason } = value;
      const facts = { expression, detail: reason ?? phrase('its default is used.') };
      problems.add('warning', 'VALUE_UNRESOLVED', facts, value.range, { function: name });
    }
  }
}

/** Whether a code location is something other than a folder on this machine, and what. */
export function foreignCode(code: string): Phrase | undefined {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(code)) {
    return phrase('its code lies at {code}, not in a folder. Give the folder here to run it.', { code });
  }
  if (/\.(zip|jar|war|tgz|tar\.gz)$/i.test(posix.normalize(code))) {
    return phrase('its code is the archive {code}. Give the folder it is made of to run it.', { code });
  }
  return undefined;
}
