import type * as vscode from 'vscode';
import { commandIds } from '../contributions/ids.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import { readSampleUri } from './sampleEvent.ts';

/** Above an event that is edited: what can be done with it. */
export function eventLenses(
  api: Pick<EditorApi, 'Range' | 'CodeLens'>,
  { uri }: Pick<vscode.TextDocument, 'uri'>,
): vscode.CodeLens[] {
  const top = new api.Range(0, 0, 0, 0);
  const lens = (title: string, command: string): vscode.CodeLens =>
    new api.CodeLens(top, { title, command, arguments: [{ uri: uri.toString() }] });
  return [
    lens(l10n.t('Send'), commandIds.sendEvent),
    lens(l10n.t('Send in the Debugger'), commandIds.sendEventDebugged),
    lens(l10n.t('Send with…'), commandIds.sendEventWith),
    // What an invocation had is saved from its row, with what came of it.
    ...(readSampleUri(uri) ? [lens(l10n.t('Save as Test Event…'), commandIds.saveTestEvent)] : []),
  ];
}
