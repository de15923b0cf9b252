import type { HostState } from '../hostClient/hostState.ts';
import { l10n } from '../editor/l10n.ts';

/** The state of a host in a few words. */
export function hostWord(state: HostState): string {
  switch (state.kind) {
    case 'none':
      return l10n.t('not started');
    case 'starting':
      return l10n.t('starting');
    case 'running':
      return state.own ? l10n.t('running') : l10n.t('running, shared with another window or terminal');
    case 'waiting':
      return l10n.t('crashed, restarting');
    case 'stopped':
      return l10n.t('stopped');
    case 'failed':
      return l10n.t('failed');
  }
}

/** Everything about a host that helps, as Markdown. */
export function hostTooltip(name: string, state: HostState): string {
  const lines = [`**${name}**: ${hostWord(state)}`];
  if (state.kind === 'running') {
    lines.push(l10n.t('Gateway: {0}', state.gateway), l10n.t('Process: {0}', state.pid));
    if (state.node) {
      lines.push(
        state.node.origin === 'editor'
          ? l10n.t(
              "Node.js {0}: the editor's own, since no other was found. Functions may behave differently than on a plain Node.js.",
              state.node.version,
            )
          : l10n.t('Node.js {0}: {1}', state.node.version, state.node.path),
      );
    }
  }
  if (state.kind === 'failed') lines.push(state.message);
  if (state.kind === 'waiting') lines.push(state.reason);
  return lines.join('\n\n');
}
