import { basename, dirname, extname } from 'node:path';
import type ts from 'typescript';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import { typescript } from '../parser.ts';
import { codeFilesBelow, longestCode } from './codeFiles.ts';
import type { TextChange } from './edits.ts';

const scripts = /\.([cm]?[jt]s|tsx)$/;

/** Renames an export of a script and what uses it, as the editor's own renaming would; undefined when that is not possible. */
export function renameExport(
  root: string,
  file: string,
  offset: number,
  name: string,
  newName: string,
  files: FileLookup,
): TextChange[] | undefined {
  const text = files.readText(file) ?? '';
  if (!scripts.test(file)) return renameFunction(root, file, offset, name, newName, files);
  const names = scriptsWith(root, name, files);
  const service = languageService(root, [...new Set([file, ...names])], files);
  try {
    const preferences: ts.UserPreferences = { providePrefixAndSuffixTextForRename: true };
    const places =
      text.slice(offset, offset + name.length) === name
        ? service.findRenameLocations(file, offset, false, false, preferences)
        : undefined;
    return places?.map(({ fileName, textSpan, prefixText = '', suffixText = '' }) => ({
      file: fileName,
      range: { start: textSpan.start, end: textSpan.start + textSpan.length },
      text: `${prefixText}${newName}${suffixText}`,
    }));
  } finally {
    service.dispose();
  }
}

/** Changes of imports that go with the move of a script. */
export function moveScript(root: string, from: string, to: string, files: FileLookup): TextChange[] {
  const stem = basename(from, extname(from));
  if (!scripts.test(from)) return [];
  const service = languageService(root, [...new Set([from, ...scriptsWith(root, stem, files)])], files);
  try {
    return service.getEditsForFileRename(from, to, {}, {}).flatMap(({ fileName, textChanges }) =>
      textChanges.map(({ span, newText }) => ({
        file: fileName,
        range: { start: span.start, end: span.start + span.length },
        text: newText,
      })),
    );
  } finally {
    service.dispose();
  }
}

function scriptsWith(root: string, word: string, files: FileLookup): string[] {
  return codeFilesBelow(root, files, (name) => scripts.test(name)).filter((path) => {
    const text = files.readText(path);
    return text !== undefined && text.length <= longestCode && text.includes(word);
  });
}

/** TypeScript over these files alone; they are read, not run. */
function languageService(root: string, names: string[], files: FileLookup): ts.LanguageService {
  const typescriptApi = typescript();
  const { ScriptTarget, ModuleKind, ModuleResolutionKind } = typescriptApi;
  return typescriptApi.createLanguageService({
    getCompilationSettings: () => ({
      allowJs: true,
      checkJs: false,
      noLib: true,
      noEmit: true,
      types: [],
      target: ScriptTarget.ESNext,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
    }),
    getScriptFileNames: () => names,
    getScriptVersion: () => '1',
    getScriptSnapshot(path) {
      const text = files.readText(path);
      return text === undefined ? undefined : typescriptApi.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: () => '',
    fileExists: (path) => files.isFile(path),
    readFile: (path) => files.readText(path),
    directoryExists: (path) => files.list(path).length > 0,
    getDirectories: (path) =>
      files
        .list(path)
        .filter((name) => name.endsWith('/'))
        .map((name) => name.slice(0, -1)),
  });
}

/** Functions of other languages are renamed when nothing but the declaration names them: what else there is only running tells. */
function renameFunction(
  root: string,
  file: string,
  offset: number,
  name: string,
  newName: string,
  files: FileLookup,
): TextChange[] | undefined {
  const word = new RegExp(`\\b${name}\\b`, 'g');
  const text = files.readText(file) ?? '';
  if (text.slice(offset, offset + name.length) !== name || [...text.matchAll(word)].length > 1)
    return undefined;
  const module = basename(file, extname(file));
  const others = codeFilesBelow(root, files, (each) => each.endsWith(extname(file))).filter(
    (path) => path !== file,
  );
  const isUsed = others.some((path) => {
    const other = files.readText(path) ?? '';
    const near = dirname(path) === dirname(file) || other.includes(module);
    return near && new RegExp(`\\b${name}\\b`).test(other) && new RegExp(`\\b${module}\\b`).test(other);
  });
  return isUsed ? undefined : [{ file, range: { start: offset, end: offset + name.length }, text: newName }];
}
