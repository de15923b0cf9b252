import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import { debugType } from '../contributions/ids.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { attachedInstance } from './configuration.ts';

/** A session ends by itself when the host takes the inspector away: within milliseconds. */
const graceMs = 1000;
const attempts = 10;

/**
 * Ends sessions with instances that outlive the umbrella. One that is attached in the very moment in which debugging is
 * stopped may find nothing at its address, and js-debug then waits for ever. Stopping it by the editor would stop its
 * parent, which is gone; therefore its debugger is told itself, and to leave the instance alone. `isDebugging`: whether
 * the umbrella with this session's id lives, also again after a restart.
 */
export function endOrphans(
  api: Pick<EditorApi, 'debug'>,
  { clock, isDebugging }: { clock: Pick<Clock, 'after'>; isDebugging: (umbrella: string) => boolean },
): Disposable {
  const store = new DisposableStore();
  const live = new Set<vscode.DebugSession>();
  const isOrphan = (session: vscode.DebugSession): boolean =>
    live.has(session) && session.parentSession !== undefined && !isDebugging(session.parentSession.id);
  const end = (session: vscode.DebugSession, left = attempts): void => {
    clock.after(graceMs, () => {
      if (!isOrphan(session) || left === 0) return;
      // Before its debugger listens a request is refused; then it is asked again.
      session.customRequest('disconnect', { terminateDebuggee: false }).then(undefined, () => {});
      end(session, left - 1);
    });
  };
  store.add(
    api.debug.onDidStartDebugSession((session) => {
      if (attachedInstance(session.configuration) === undefined) return;
      live.add(session);
      if (isOrphan(session)) end(session);
    }),
  );
  store.add(
    api.debug.onDidTerminateDebugSession((session) => {
      live.delete(session);
      if (session.type !== debugType) return;
      for (const other of live) if (isOrphan(other)) end(other);
    }),
  );
  return store;
}
