import Module from 'node:module';
import { relative } from 'node:path';
import vm from 'node:vm';
import { PorchlightError } from '../model/errors.ts';
import type { FileLookup } from '../support/fileLookup.ts';
import type { Esbuild } from './loadEsbuild.ts';
import { isModuleScript } from './moduleFormat.ts';

/**
 * Looks whether scripts that run from where they lie can be parsed; nothing of them is run. An edit that left one of
 * them broken must not end the instances that have the code of before.
 */
export async function checkSyntax(
  files: string[],
  root: string,
  lookup: FileLookup,
  loadEsbuild: () => Promise<Esbuild>,
): Promise<void> {
  const found = await findSyntaxError(files, lookup, loadEsbuild);
  if (!found) return;
  const { file } = found;
  throw new PorchlightError('BUILD_FAILED', { ...found, file: relative(root, file) || file, path: file });
}

/** The first place at which one of several scripts cannot be parsed. */
export async function findSyntaxError(
  files: string[],
  lookup: FileLookup,
  loadEsbuild: () => Promise<Esbuild>,
): Promise<(SyntaxPlace & { file: string }) | undefined> {
  for (const file of files) {
    const text = lookup.readText(file);
    if (text === undefined) continue;
    const place = isModuleScript(file, text, lookup)
      ? await moduleError(text, await loadEsbuild())
      : scriptError(text, file);
    if (place) return { file, ...place };
  }
  return undefined;
}

interface SyntaxPlace {
  line: number;
  column: number;
  detail: string;
}

function scriptError(text: string, filename: string): SyntaxPlace | undefined {
  // Node itself takes a first line for the shell for a comment.
  const content = text.startsWith('#!') ? `//${text.slice(2)}` : text;
  try {
    new vm.Script(Module.wrap(content), { filename });
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Above the message: `file:line`, the line, and a caret below the place.
    const [head = '', , caret = ''] = error.stack?.split('\n') ?? [];
    const line = Number(/:(\d+)$/.exec(head)?.[1] ?? 1);
    const wrapper = line === 1 ? Module.wrap('').indexOf('}') - 1 : 0;
    const column = Math.max(1, caret.indexOf('^') + 1 - Math.max(0, wrapper));
    return { line, column, detail: `${error.message}.` };
  }
}

async function moduleError(text: string, esbuild: Esbuild): Promise<SyntaxPlace | undefined> {
  try {
    await esbuild.transform(text, { loader: 'js', logLevel: 'silent' });
    return undefined;
  } catch (error) {
    const first = (error as { errors?: { text: string; location?: { line: number; column: number } }[] })
      .errors?.[0];
    if (!first) throw error;
    const { line = 1, column = 0 } = first.location ?? {};
    return { line, column: column + 1, detail: `${first.text}.` };
  }
}
