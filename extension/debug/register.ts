import type { Clock } from '../../runtime/support/clock.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import type { FunctionState } from '../../runtime/protocol/control/state.ts';
import { commandIds, contextKeys } from '../contributions/ids.ts';
import { ContextKey } from '../editor/contextKey.ts';
import { l10n } from '../editor/l10n.ts';
import type { Dialogs } from '../editor/dialogs.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import { hostForF5, keepCanDebugKey } from './canDebugKey.ts';
import { registerConfigurations, type Replays } from './configurationProvider.ts';
import { Debugging, type DebugServices } from './debugging.ts';
import { describeBreakpoints } from './doctor/describe.ts';
import { registerDoctor, type RegisteredDoctor } from './doctor/register.ts';
import { registerLaunchCompletion } from './launchCompletion.ts';

/** What the commands need besides: choosing and invoking functions is done elsewhere. */
export interface DebugCommandServices<T extends { host: FolderHost; state: FunctionState }> extends Omit<
  DebugServices,
  'replayLastFailure'
> {
  replays: Replays;
  dialogs: Pick<Dialogs, 'pick' | 'info' | 'remark'>;
  clock: Pick<Clock, 'after' | 'epochMs'>;
  /** Makes paths of one file equal. */
  normalize(path: string): string;
  /** The function an argument names, or the user's choice; undefined when there was none. */
  chooseFunction(argument: unknown): Promise<T | undefined>;
  /** The folder to debug, or the user's choice. */
  chooseHost(): Promise<FolderHost | undefined>;
  /** Invokes with the last event of the function. */
  invoke(chosen: T): Promise<void>;
  /** Tells the user of a command's failure. */
  report(error: unknown): void;
}

/** Registers the debug type, its commands and its keys. */
export function registerDebug<T extends { host: FolderHost; state: FunctionState }>(
  services: DebugCommandServices<T>,
): { debugging: Debugging; hints: RegisteredDoctor['hints'] } & Disposable {
  const { api, hosts, replays, report } = services;
  const store = new DisposableStore();
  const replayLastFailure = (host: FolderHost): void => {
    const replay = async () => {
      const failure = await replays.latestFailure(host);
      if (failure) await replays.replayFailure(host, failure.id, true);
      else await replays.tellNoFailure(host);
    };
    replay().catch(report);
  };
  const debugging: Debugging = store.add(
    new Debugging({
      ...services,
      replayLastFailure,
      describe: (path, lines) => describeBreakpoints(doctor, services.log, path, lines),
    }),
  );
  const { doctor, hints } = store.add(
    registerDoctor({
      ...services,
      isDebugging: (host) => debugging.find(host) !== undefined,
      debugs: (host, name) => debugging.find(host)?.debugs(name) ?? false,
    }),
  );
  store.add(hints.onDidExamine((host) => debugging.describeAgain(host)));
  store.add(
    debugging.onDidChange(() => {
      if (!debugging.active) hints.clear();
    }),
  );
  store.add(registerConfigurations(api, hosts, debugging, replays, report));
  store.add(keepCanDebugKey(api, hosts));
  store.add(registerLaunchCompletion(api, hosts));
  const active = new ContextKey<boolean>(api, contextKeys.debugging);
  store.add(debugging.onDidChange(() => active.set(debugging.active)));

  const register = (id: string, action: (argument: unknown) => Promise<void>) =>
    store.add(
      api.commands.registerCommand(id, (argument?: unknown) => action(argument).catch(services.report)),
    );
  register(commandIds.debug, async (argument) => {
    const folder = (argument as { folder?: unknown } | undefined)?.folder;
    const named = typeof folder === 'string' ? hosts.find(folder) : undefined;
    const host = named ?? hostForF5(api, hosts) ?? (await services.chooseHost());
    if (!host) return;
    await debugging.ensure(host);
    services.dialogs.remark(
      l10n.t('$(debug-alt) Functions are debugged: invoke one to reach its breakpoints.'),
    );
  });
  register(commandIds.debugInvoke, async (argument) => {
    const chosen = await services.chooseFunction(argument);
    if (!chosen) return;
    const { host, state } = chosen;
    if (!debugging.find(host)?.debugs(state.name)) await debugging.ensure(host);
    await services.invoke(chosen);
  });
  register(commandIds.stopDebugging, () => debugging.stop());
  return { debugging, hints, dispose: () => store.dispose() };
}
