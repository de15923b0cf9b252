import type { CodeLens } from 'vscode-languageserver/node';
import { undebuggedLanguages } from '../../../runtime/model/languages.ts';
import type { FileLookup } from '../../../runtime/support/fileLookup.ts';
import type { LanguageOptions, LensArgument } from '../messages.ts';
import { documentOf } from './diagnostics.ts';
import type { HandlerFinder } from './handlers.ts';
import type { ExportPlace } from './moduleExports.ts';
import type { FolderState } from './workspace.ts';
import { l10n } from '../../../runtime/support/l10n.ts';

/**
 * *Invoke | Debug | Deploy* above every handler that a file declares, for each function it belongs to; what is not debugged
 * has no *Debug*.
 */
export function handlerLenses(
  state: FolderState,
  file: string,
  finder: HandlerFinder,
  files: FileLookup,
  { commands }: LanguageOptions,
): CodeLens[] {
  const handlers = state.functions.flatMap((each) => {
    const answer = finder.find(each, state.root);
    return answer.kind === 'found' && answer.file === file
      ? [{ ...each.definition, place: answer.place }]
      : [];
  });
  const document = documentOf(file, files);
  return handlers.flatMap(({ name, language, place }) => {
    const range = { start: document.positionAt(place.start), end: document.positionAt(place.end) };
    const shared = handlers.filter((other) => samePlace(other.place, place)).length > 1;
    const argument: LensArgument = { function: name, folder: state.root };
    const lens = (title: string, command: string): CodeLens => ({
      range,
      command: { title, command, arguments: [argument] },
    });
    return [
      lens(shared ? l10n.t('Invoke {0}', name) : l10n.t('Invoke'), commands.invoke),
      ...(undebuggedLanguages.includes(language)
        ? []
        : [lens(shared ? l10n.t('Debug {0}', name) : l10n.t('Debug'), commands.debug)]),
      lens(shared ? l10n.t('Deploy {0}', name) : l10n.t('Deploy'), commands.deploy),
    ];
  });
}

function samePlace(a: ExportPlace, b: ExportPlace): boolean {
  return a.start === b.start && a.end === b.end;
}
