import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { contextKeys } from '../contributions/ids.ts';
import { ContextKey } from '../editor/contextKey.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import type { InvocationFilter } from '../presentation/invocationFilter.ts';
import { mostUrgent } from './statusItem.ts';

/** Keeps the keys for when-clauses equal to the state of the hosts. */
export function keepContextKeys(
  api: Pick<EditorApi, 'commands'>,
  hosts: Hosts,
  filter: InvocationFilter,
): Disposable {
  const store = new DisposableStore();
  const flag = (key: string) => new ContextKey<boolean>(api, key);
  const hasProject = flag(contextKeys.hasProject);
  const hasFunctions = flag(contextKeys.hasFunctions);
  const hasProblems = flag(contextKeys.hasProblems);
  const hasInvocations = flag(contextKeys.hasInvocations);
  const serving = flag(contextKeys.serving);
  const following = flag(contextKeys.following);
  const wasWarm = flag(contextKeys.wasWarm);
  const hasDeployed = flag(contextKeys.hasDeployed);
  const filtered = flag(contextKeys.filtered);
  const host = new ContextKey<string>(api, contextKeys.host);
  const update = () => {
    const mirrors = hosts.all.map((one) => one.mirror);
    const state = mostUrgent(hosts.withProject.length > 0 ? hosts.withProject : hosts.all);
    hasProject.set(hosts.withProject.length > 0);
    hasFunctions.set(mirrors.some((mirror) => mirror.functions.length > 0));
    hasProblems.set(
      mirrors.some((mirror) => mirror.problems.some((problem) => problem.severity === 'error')),
    );
    hasInvocations.set(
      hosts.all.some(({ mirror, remote }) => mirror.invocations.length + remote.invocations.length > 0),
    );
    // The walkthrough's step stays done, whatever is called next.
    if (!wasWarm.value)
      wasWarm.set(mirrors.some((mirror) => mirror.invocations.some((each) => each.startKind === 'warm')));
    hasDeployed.set(
      mirrors.some((mirror) => mirror.deployedTargets.some((one) => mirror.deployed(one)?.length)),
    );
    following.set(hosts.all.some(({ remote }) => remote.follows.length > 0));
    serving.set(mirrors.some((mirror) => mirror.serve?.running ?? false));
    host.set(hosts.looking ? 'looking' : state.kind);
  };
  store.add(hosts.onDidChange(update));
  store.add(filter.onDidChange(() => filtered.set(filter.active)));
  update();
  filtered.set(false);
  return store;
}
