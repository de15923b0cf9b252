import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import { splitHandler, type HandlerParts } from '../../../../runtime/model/handlerString.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import type { HandlerFinder } from '../handlers.ts';
import type { FolderState, KnownFunction } from '../workspace.ts';

/** A handler string in a project file, with what it leads to. */
export interface NamedHandler {
  fn: KnownFunction;
  /** The project file, and the string's place in it. */
  file: string;
  range: TextRange;
  parts: HandlerParts;
  /** The module it names. */
  entry: string;
  /** Where the export is declared. */
  declared?: { file: string; range: TextRange };
}

/** The handler strings of a folder that lead to code, and stand in their file as they are read. */
export function namedHandlers(state: FolderState, finder: HandlerFinder, files: FileLookup): NamedHandler[] {
  const seen = new Set<string>();
  return [...state.functions, ...state.declared].flatMap((fn): NamedHandler[] => {
    const { handlerAt, definition } = fn;
    const parts = splitHandler(definition.handler, definition.platform, definition.language);
    if (!handlerAt || !parts || fn.bare) return [];
    const place = `${handlerAt.file}\0${handlerAt.range.start}`;
    if (seen.has(place)) return [];
    seen.add(place);
    const text = files.readText(handlerAt.file) ?? '';
    if (text.slice(handlerAt.range.start, handlerAt.range.end) !== definition.handler) return [];
    const answer = finder.find(fn, state.root);
    if (answer.kind !== 'found' && answer.kind !== 'module') return [];
    const declared = answer.kind === 'found' ? { file: answer.file, range: answer.place } : undefined;
    return [{ fn, ...handlerAt, parts, entry: answer.entry, ...(declared && { declared }) }];
  });
}

/** The handlers that stand at an offset: strings of a project file, or the declaration in code. */
export function handlersAt(handlers: readonly NamedHandler[], file: string, offset: number): NamedHandler[] {
  const holds = ({ start, end }: TextRange): boolean => offset >= start && offset <= end;
  const here = handlers.filter((each) => each.file === file && holds(each.range));
  if (here.length > 0) return here;
  return handlers.filter(({ declared }) => declared?.file === file && holds(declared.range));
}

/** The handler strings that name the same export as another one. */
export function sameExport(handlers: readonly NamedHandler[], one: NamedHandler): NamedHandler[] {
  return handlers.filter(
    ({ entry, parts }) => entry === one.entry && parts.exportName === one.parts.exportName,
  );
}

/** The part of a handler string that names the export. */
export function exportRange({ range, parts }: NamedHandler): TextRange {
  return { start: range.end - parts.exportName.length, end: range.end };
}

/** The part of a handler string that names the file: its last step. */
export function fileRange({ range, parts }: NamedHandler): TextRange {
  const end = range.end - parts.exportName.length - 1;
  const name = parts.module.slice(parts.module.lastIndexOf('/') + 1);
  return { start: end - name.length, end };
}
