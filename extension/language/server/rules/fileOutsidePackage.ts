import { dirname, isAbsolute, join, posix, resolve } from 'node:path';
import type ts from 'typescript';
import { isInside } from '../../../../runtime/model/handlerModule.ts';
import type { Finding, Rule, RuleContext } from './rule.ts';
import { constantValue } from './syntax/constants.ts';
import { isInHandler } from './syntax/handlerCode.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

const readers =
  /^(?:promises\.)?(?:readFile|readFileSync|readdir|readdirSync|createReadStream|openAsBlob|opendir|opendirSync|readJson|readJsonSync|readJSON|readJSONSync)$/;
const fileModules = /^(?:fs|fs\/promises|fs-extra|graceful-fs)$/;

/** Folders of somebody's machine; `/tmp`, `/opt`, mounts and the system's own are there in the cloud as well. */
const homes = /^(?:\/home\/|\/Users\/|\/root\/|[A-Za-z]:[\\/]|~\/)/;

/** A file that is read by a constant path which leads out of what is deployed. */
export const fileOutsidePackage: Rule = {
  id: 'file-outside-package',
  check(context) {
    const { code, handler, facts } = context;
    const found: Finding[] = [];
    for (const node of code.calls) {
      const [path] = node.arguments;
      if (!path || !isRead(context, node)) continue;
      const isOwn = code.functionAround(node) === code.source || isInHandler(code, handler, node);
      const target = isOwn ? leadsOut(context, path) : undefined;
      if (target === undefined) continue;
      found.push({
        start: code.start(path),
        end: path.end,
        message: l10n.t(
          '{file} is not in the package of {function}: it is here, but not in the cloud. Move it below the code folder, or take it from an environment variable, a layer or a bucket.',
          { file: target, function: facts.name },
        ),
      });
    }
    return found;
  },
};

function isRead({ code }: RuleContext, call: ts.CallExpression): boolean {
  const imported = code.importedName(call.expression);
  return imported !== undefined && fileModules.test(imported.module) && readers.test(imported.name);
}

/** Where a constant path leads, when that is outside of the package. */
function leadsOut(context: RuleContext, path: ts.Expression): string | undefined {
  const { facts } = context;
  const value = constantPath(context, path, 0);
  if (value === undefined) return undefined;
  if (homes.test(value.path)) return value.path;
  if (value.from === undefined && isAbsolute(value.path)) return undefined;
  // A bundle lies elsewhere than its source: where a path beside the file leads is then decided by the build.
  if (value.from === 'file' && !facts.runsInPlace) return undefined;
  const whole = value.from === 'file' ? value.path : resolve(facts.codeRoot, value.path);
  if (isInside(facts.codeRoot, whole)) return undefined;
  return value.written;
}

/** A path that does not depend on anything: as it is, beside the file, or below the working directory. */
interface ConstantPath {
  path: string;
  from?: 'file' | 'cwd';
  /** For people. */
  written: string;
}

function constantPath(
  context: RuleContext,
  expression: ts.Expression,
  depth: number,
): ConstantPath | undefined {
  const { code } = context;
  const { ts } = code;
  const node = code.bare(expression);
  if (depth > 8) return undefined;
  if (ts.isStringLiteralLike(node)) {
    if (isAbsolute(node.text) || homes.test(node.text)) return { path: node.text, written: node.text };
    return /^\.{1,2}\//.test(node.text) ? { path: node.text, from: 'cwd', written: node.text } : undefined;
  }
  if (ts.isIdentifier(node)) {
    if (node.text === '__dirname' && code.bindings.isGlobal(node)) return fileFolder(context);
    const value = constantValue(code, node);
    return value && constantPath(context, value, depth + 1);
  }
  if (ts.isPropertyAccessExpression(node))
    return code.textOf(node) === 'import.meta.dirname' ? fileFolder(context) : undefined;
  if (ts.isNewExpression(node)) return ofUrl(context, node);
  if (ts.isTemplateExpression(node)) return ofTemplate(context, node, depth);
  return ts.isCallExpression(node) ? ofCall(context, node, depth) : undefined;
}

function fileFolder({ code }: RuleContext): ConstantPath {
  return { path: dirname(code.file), from: 'file', written: '' };
}

/** `path.join(__dirname, '..', 'x')`, `path.resolve('..', 'x')`, `process.cwd()`. */
function ofCall(context: RuleContext, call: ts.CallExpression, depth: number): ConstantPath | undefined {
  const { code, facts } = context;
  const { ts } = code;
  if (code.textOf(call.expression) === 'process.cwd' && call.arguments.length === 0)
    return { path: facts.codeRoot, from: 'cwd', written: '' };
  const imported = code.importedName(call.expression);
  const isPath = imported !== undefined && /^path(?:\/posix)?$/.test(imported.module);
  if (!isPath || !/^(?:posix\.)?(?:join|resolve)$/.test(imported.name)) return undefined;
  const [first, ...rest] = call.arguments;
  const parts = rest.map((each) => (ts.isStringLiteralLike(each) ? each.text : undefined));
  if (!first || parts.includes(undefined)) return undefined;
  const isText = ts.isStringLiteralLike(first);
  const base: ConstantPath | undefined = isText
    ? { path: first.text, ...(isAbsolute(first.text) ? {} : { from: 'cwd' as const }), written: first.text }
    : constantPath(context, first, depth + 1);
  return base && joined(base, parts as string[]);
}

function joined(base: ConstantPath, parts: string[]): ConstantPath {
  const written = posix.join(base.written === '' ? '.' : base.written, ...parts);
  return { ...base, path: join(base.path, ...parts), written };
}

/** `new URL('../x', import.meta.url)`. */
function ofUrl(context: RuleContext, node: ts.NewExpression): ConstantPath | undefined {
  const { code } = context;
  const [path, base] = node.arguments ?? [];
  const isBeside = base && code.textOf(base) === 'import.meta.url' && code.textOf(node.expression) === 'URL';
  if (!isBeside || !path || !code.ts.isStringLiteralLike(path) || !/^\.{1,2}\//.test(path.text))
    return undefined;
  return joined(fileFolder(context), [path.text]);
}

/** `${__dirname}/../x`. */
function ofTemplate(
  context: RuleContext,
  node: ts.TemplateExpression,
  depth: number,
): ConstantPath | undefined {
  const [only, ...more] = node.templateSpans;
  if (!only || more.length > 0 || node.head.text !== '') return undefined;
  const base = constantPath(context, only.expression, depth + 1);
  return base && joined(base, [only.literal.text]);
}
