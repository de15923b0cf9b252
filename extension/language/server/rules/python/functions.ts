import type { PythonLine } from './lines.ts';

/** A function at the top of a Python module, with its lines. */
export interface PythonFunction {
  name: string;
  isAsync: boolean;
  parameters: string[];
  header: PythonLine;
  /** Lines of its body, those of functions within it included. */
  body: PythonLine[];
  /** Names that only it knows: parameters and what it assigns, imports, loops over. */
  locals: Set<string>;
  /** Names it assigns at module level (`global x`). */
  globals: Set<string>;
}

const header = /^(async\s+)?def\s+(\w+)\s*\(([^]*)\)\s*(?:->[^]*)?:/;

/** Functions at the top of a module. */
export function pythonFunctions(lines: readonly PythonLine[]): PythonFunction[] {
  const found: PythonFunction[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const match = line.indent === 0 ? header.exec(line.code) : null;
    if (!match) continue;
    const body: PythonLine[] = [];
    while (i + 1 < lines.length && lines[i + 1]!.indent > 0) body.push(lines[++i]!);
    const parameters = parametersOf(match[3]!);
    const globals = new Set(body.flatMap(({ code }) => namesIn(/^global\s+(.+)$/.exec(code)?.[1] ?? '')));
    const locals = new Set([...parameters, ...body.flatMap(({ code }) => assigned(code))]);
    for (const name of globals) locals.delete(name);
    found.push({
      name: match[2]!,
      isAsync: match[1] !== undefined,
      parameters,
      header: line,
      body,
      locals,
      globals,
    });
  }
  return found;
}

/** The handler and the functions of the module that it calls, by name. */
export function reachedFunctions(all: readonly PythonFunction[], handler: PythonFunction): PythonFunction[] {
  const reached = new Set([handler]);
  for (const each of reached) {
    for (const { code } of each.body) {
      for (const [, name] of code.matchAll(/(?<![.\w])(\w+)\s*\(/g)) {
        const called = all.find((other) => other.name === name);
        if (called) reached.add(called);
      }
    }
  }
  return [...reached];
}

function parametersOf(text: string): string[] {
  return text
    .replace(/\[[^\]]*\]|\([^)]*\)|\{[^}]*\}/g, '')
    .split(',')
    .flatMap((part) => /^\s*\*{0,2}\s*(\w+)/.exec(part)?.[1] ?? []);
}

/** Names a line gives a value. */
function assigned(code: string): string[] {
  const names: string[] = [];
  const target = /^([\w\s,()*.[\]]+?)\s*(?::[^=]+)?(?:[-+*/|&^%]|\/\/|\*\*)?=(?!=)/.exec(code)?.[1];
  if (target !== undefined && !/[.[]/.test(target)) names.push(...namesIn(target));
  const loop = /(?:^|\s)for\s+([\w\s,()]+?)\s+in\s/g;
  for (const [, each] of code.matchAll(loop)) names.push(...namesIn(each!));
  for (const [, each] of code.matchAll(/\bas\s+(\w+)|(?<=\W)(\w+)\s*:=/g)) names.push(...namesIn(each ?? ''));
  const imported = /^(?:from\s+\S+\s+)?import\s+(.+)$/.exec(code)?.[1];
  if (imported !== undefined) names.push(...namesIn(imported));
  const nested = /^(?:async\s+)?(?:def|class)\s+(\w+)/.exec(code)?.[1];
  return nested === undefined ? names : [...names, nested];
}

function namesIn(text: string): string[] {
  return text.match(/\b[A-Za-z_]\w*\b/g) ?? [];
}
