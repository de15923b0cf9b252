import type { CompletionItem, Diagnostic, TextEdit } from 'vscode-languageserver/node';
import { folderDiagnostics, documentOf } from '../../extension/language/server/diagnostics.ts';
import { HandlerExports } from '../../extension/language/server/handlerExports.ts';
import { HandlerFinder } from '../../extension/language/server/handlers.ts';
import { ProjectFileFeatures } from '../../extension/language/server/projectFiles/projectFileFeatures.ts';
import { readOptions } from '../../extension/language/server/options.ts';
import { toPath } from '../../extension/language/server/paths.ts';
import { Workspace } from '../../extension/language/server/workspace.ts';
import { YamlVersions } from '../../runtime/model/projectFiles/incrementalYaml.ts';
import { memoryFiles } from './memoryFiles.ts';

/** The moment at which these folders are looked at. */
export const folderNow = Date.parse('2026-11-26T10:00:00Z');

/**
 * A workspace folder `/p` in memory with the features of project files. Where a text holds `|`, a cursor stands: it is taken
 * out of the text.
 */
export function projectFileFolder(texts: Record<string, string>, options: object = {}) {
  const cursors = new Map<string, number>();
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    const at = text.indexOf('|');
    if (at >= 0) cursors.set(`/p/${name}`, at);
    files[`/p/${name}`] = at < 0 ? text : text.slice(0, at) + text.slice(at + 1);
  }
  const lookup = memoryFiles(files);
  const exports = new HandlerExports(lookup);
  const finder = new HandlerFinder(lookup, exports);
  const yaml = new YamlVersions();
  const workspace = new Workspace(lookup, exports, yaml);
  workspace.addFolder('/p');
  const features = new ProjectFileFeatures({
    files: lookup,
    exports,
    finder,
    workspace,
    yaml,
    options: () => readOptions(options),
    now: () => folderNow,
  });
  const [cursorFile, cursorOffset] = [...cursors][0] ?? ['', 0];
  const state = () => workspace.state('/p');
  const position = () => documentOf(cursorFile, lookup).positionAt(cursorOffset);
  const applied = (file: string, edits: readonly TextEdit[]): string => {
    const document = documentOf(file, lookup);
    const sorted = [...edits].sort(
      (a, b) => document.offsetAt(b.range.start) - document.offsetAt(a.range.start),
    );
    return sorted.reduce(
      (text, { range, newText }) =>
        text.slice(0, document.offsetAt(range.start)) + newText + text.slice(document.offsetAt(range.end)),
      files[file]!,
    );
  };
  return {
    files,
    features,
    workspace,
    state,
    edit(name: string, text: string): void {
      const isNew = !(`/p/${name}` in files);
      files[`/p/${name}`] = text;
      workspace.changed(`/p/${name}`, isNew);
    },
    /** Labels that are proposed at the cursor. */
    labels: (): string[] => features.complete(cursorFile, position()).items.map(({ label }) => label),
    items: (): CompletionItem[] => features.complete(cursorFile, position()).items,
    /** The file with one of the proposals taken. */
    taken(label: string): string {
      const item = features.complete(cursorFile, position()).items.find((each) => each.label === label);
      if (!item) throw new Error(`${label} is not proposed`);
      return applied(cursorFile, [item.textEdit as TextEdit]);
    },
    hover(): string | undefined {
      const contents = features.hover(cursorFile, position())?.contents;
      return contents === undefined ? undefined : (contents as { value: string }).value;
    },
    references: (declaration = true): string[] =>
      features
        .references(state(), cursorFile, position(), declaration)
        .map(({ uri, range }) => placed(uri, range)),
    definitions: (): string[] =>
      features
        .definitions(state(), cursorFile, position())
        .map(({ targetUri, targetRange }) => placed(targetUri, targetRange)),
    renamable: () => features.prepareRename(state(), cursorFile, position()),
    /** The changed files after a renaming at the cursor, with moves as `from → to`; or why there is none. */
    rename(newName: string): Record<string, string> | string {
      const answer = features.rename(state(), cursorFile, position(), newName);
      if (answer instanceof Error) return answer.message;
      const changed: Record<string, string> = {};
      for (const change of answer?.documentChanges ?? []) {
        if ('kind' in change)
          changed[`${change.kind}`] =
            'oldUri' in change ? `${short(change.oldUri)} → ${short(change.newUri)}` : '';
        else
          changed[short(change.textDocument.uri)] = applied(
            toPath(change.textDocument.uri)!,
            change.edits as TextEdit[],
          );
      }
      return changed;
    },
    /** Diagnostics of a file as `line 'text' CODE: message → fix`. */
    diagnostics(name: string): string[] {
      const path = `/p/${name}`;
      const told = folderDiagnostics(state(), finder, lookup).get(path) ?? [];
      const document = documentOf(path, lookup);
      return features.diagnostics(path, told).map(({ range, code, message, data }: Diagnostic) => {
        const fix = (data as { replacement?: string } | undefined)?.replacement;
        return `${range.start.line + 1} '${document.getText(range)}' ${code}: ${message}${fix === undefined ? '' : ` → ${fix}`}`;
      });
    },
    symbols: (name: string) => features.symbols(`/p/${name}`),
    links: (name: string): string[] =>
      features
        .links(state(), `/p/${name}`)
        .map(({ range, target }) => `${documentOf(`/p/${name}`, lookup).getText(range)} ${target}`),
  };

  function short(uri: string): string {
    return toPath(uri)!.replace('/p/', '');
  }

  function placed(
    uri: string,
    range: { start: { line: number; character: number }; end: { line: number; character: number } },
  ): string {
    const path = toPath(uri)!;
    return `${path.replace('/p/', '')}:${range.start.line + 1} ${documentOf(path, lookup).getText(range)}`;
  }
}
