import type { LocationLink, Position } from 'vscode-languageserver/node';
import type { FileLookup } from '../../../runtime/support/fileLookup.ts';
import { documentOf } from './diagnostics.ts';
import type { HandlerFinder } from './handlers.ts';
import { toUri } from './paths.ts';
import type { FolderState } from './workspace.ts';

/** From a handler string in a project file to the code it names; to the module when the export is not found. */
export function handlerDefinition(
  state: FolderState,
  file: string,
  position: Position,
  finder: HandlerFinder,
  files: FileLookup,
): LocationLink[] {
  const project = documentOf(file, files);
  const offset = project.offsetAt(position);
  for (const each of state.functions) {
    const at = each.handlerAt;
    if (at?.file !== file || offset < at.range.start || offset > at.range.end) continue;
    const answer = finder.find(each, state.root);
    const entry = answer.kind === 'none' ? undefined : answer.entry;
    if (entry === undefined) continue;
    const { target, place } =
      answer.kind === 'found'
        ? { target: answer.file, place: answer.place }
        : { target: entry, place: { start: 0, end: 0 } };
    const code = documentOf(target, files);
    const range = { start: code.positionAt(place.start), end: code.positionAt(place.end) };
    return [
      {
        originSelectionRange: {
          start: project.positionAt(at.range.start),
          end: project.positionAt(at.range.end),
        },
        targetUri: toUri(target),
        targetRange: range,
        targetSelectionRange: range,
      },
    ];
  }
  return [];
}
