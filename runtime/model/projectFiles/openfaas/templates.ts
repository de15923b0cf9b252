import { dirname, join } from 'node:path';
import type { LanguageId } from '../../words.ts';
import type { ParseContext } from '../projectFile.ts';
import type { ProblemList } from '../problemList.ts';
import { getIn, textOf } from '../tree.ts';
import { readIncludedYaml } from '../yamlTree.ts';

/** How functions of a template run here. */
export interface Template {
  language: LanguageId;
  handler: string;
  /** Time its image gives a call unless the function says otherwise (its Dockerfile), in milliseconds. */
  timeoutMs: number;
}

/**
 * Templates whose handlers are called here as they are: `node`, `node12` to `node22` (openfaas/templates), and the Python
 * ones with HTTP, Flask and classic handlers (openfaas/python-flask-template).
 */
export function templateOf(lang: string): Template | undefined {
  if (/^node\d*(-debian)?$/.test(lang))
    return { language: 'nodejs', handler: 'handler.default', timeoutMs: 10_000 };
  if (/^python(3|3\.\d+)?(-(http|flask))?(-debian)?$/.test(lang)) {
    return { language: 'python', handler: 'handler.handle', timeoutMs: 30_000 };
  }
  return undefined;
}

/** A template that lies in the project, as `faas-cli template pull` or its author put it there. */
export interface LocalTemplate {
  /** Absolute. */
  folder: string;
  /** Where the function's code goes. */
  handlerFolder: string;
  /** Variables of its image, `fprocess` among them. */
  env: Record<string, string>;
  /** Whether it has a file of this path. */
  has(path: string): boolean;
}

/** Files whose names say nothing of what a template is: looked at, and watched. */
export const templateFiles = (lang: string): string[] =>
  ['template.yml', 'Dockerfile'].map((name) => `template/${lang}/${name}`);

/** `template/<lang>` beside a `stack.yaml`; undefined when there is none. */
export function localTemplate(
  lang: string,
  { file, include }: ParseContext,
  problems: ProblemList,
): LocalTemplate | undefined {
  if (!/^[\w.-]+$/.test(lang)) return undefined;
  const folder = join(dirname(file), 'template', lang);
  const read = (path: string): string | undefined => {
    const found = include?.(join(folder, ...path.split('/')));
    return found && 'text' in found ? found.text : undefined;
  };
  const text = read('template.yml');
  if (text === undefined) return undefined;
  const tree = readIncludedYaml(text, join(folder, 'template.yml'), problems);
  const fprocess = textOf(getIn(tree, 'fprocess'))?.trim();
  const env = imageVariables(read('Dockerfile') ?? '');
  return {
    folder,
    handlerFolder: textOf(getIn(tree, 'handler_folder'))?.trim() || 'function',
    env: { ...(fprocess && { fprocess }), ...env },
    has: (path) => read(path) !== undefined,
  };
}

/** Variables that a Dockerfile sets for its last stage: `ENV NAME="value"` and `ENV NAME value`. */
function imageVariables(dockerfile: string): Record<string, string> {
  const stages = dockerfile.split(/^FROM\s/im);
  const last = (stages.at(-1) ?? '').replace(/\\\r?\n/g, ' ');
  const env: Record<string, string> = {};
  for (const [, rest = ''] of last.matchAll(/^[ \t]*ENV[ \t]+(.+)$/gim)) {
    if (!/^\w+=/.test(rest)) {
      const [, name, value] = /^(\w+)\s+(.*)$/.exec(rest.trim()) ?? [];
      if (name !== undefined) env[name] = value!;
      continue;
    }
    for (const [, name, double, single, plain] of rest.matchAll(/(\w+)=(?:"([^"]*)"|'([^']*)'|(\S*))/g))
      env[name!] = double ?? single ?? plain ?? '';
  }
  return env;
}
