import type * as vscode from 'vscode';
import type { Disposable } from '../../runtime/support/disposable.ts';
import { debugType } from '../contributions/ids.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import type { Hosts } from '../hostClient/hosts.ts';

/**
 * Where in a `launch.json` the name of a function stands or is missing: within `"functions": [ … ]` of a configuration of
 * ours. Gives the offsets of what a name would replace, quotes included. Works while the text is half typed.
 */
export function functionNameAt(text: string, offset: number): { from: number; to: number } | undefined {
  const start = text.lastIndexOf('{', offset - 1);
  if (start < 0) return undefined;
  const end = text.indexOf('}', offset);
  const object = text.slice(start, end < 0 ? undefined : end);
  if (!new RegExp(`"type"\\s*:\\s*"${debugType}"`).test(object)) return undefined;
  const list = /"functions"\s*:\s*\[([^\]]*)$/.exec(text.slice(start, offset))?.[1];
  if (list === undefined) return undefined;
  const open = (list.split('"').length - 1) % 2 === 1;
  if (!open) return { from: offset, to: offset };
  const closing = /^[^"\n\],]*"/.exec(text.slice(offset))?.[0].length ?? 0;
  return { from: offset - (list.length - list.lastIndexOf('"')), to: offset + closing };
}

/** Completes names of functions in `launch.json`. */
export function registerLaunchCompletion(api: EditorApi, hosts: Hosts): Disposable {
  const provider: vscode.CompletionItemProvider = {
    provideCompletionItems(document, position) {
      const place = functionNameAt(document.getText(), document.offsetAt(position));
      const host = place && hosts.ofFile(document.uri);
      if (!host) return [];
      const range = new api.Range(document.positionAt(place.from), document.positionAt(place.to));
      return host.mirror.functions.map(({ name, platformName }) => {
        const quoted = JSON.stringify(name);
        return {
          label: quoted,
          kind: api.CompletionItemKind.Function,
          detail: l10n.t('Function of this folder, {0}', platformName),
          insertText: quoted,
          filterText: quoted,
          range,
        };
      });
    },
  };
  const selector = { scheme: 'file', pattern: '**/.vscode/launch.json' };
  return api.languages.registerCompletionItemProvider(selector, provider, '"');
}
