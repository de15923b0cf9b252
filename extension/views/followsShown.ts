import type * as vscode from 'vscode';
import type { Disposable } from '../../runtime/support/disposable.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import { followsText } from '../presentation/followText.ts';
import type { Row } from './row.ts';

/** Says beside the title of the Invocations view which logs of targets are followed, as they bring rows into it. */
export function showFollows(view: Pick<vscode.TreeView<Row>, 'description'>, hosts: Hosts): Disposable {
  return hosts.onDidChange((change) => {
    const concerned =
      change.kind === 'folders' || (change.kind === 'remote' && change.change.kind === 'follows');
    if (!concerned) return;
    // `undefined` is how it is taken away again.
    view.description = followsText(hosts.all.flatMap(({ remote }) => remote.follows)) as string;
  });
}
