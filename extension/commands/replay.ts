import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import type { StartKind } from '../../runtime/model/words.ts';
import type { InvokeParams } from '../../runtime/protocol/control/messages.ts';
import { viewIds } from '../contributions/ids.ts';
import { systemClock } from '../../runtime/support/clock.ts';
import type { Choice } from '../editor/dialogs.ts';
import { l10n } from '../editor/l10n.ts';
import { invocationDescription } from '../presentation/invocationText.ts';
import { refuseCut, type ChosenInvocation } from './chosenInvocation.ts';
import { FirstInvocation } from './firstInvocation.ts';
import { announce } from './invokeCommands.ts';
import { saveFiles } from './saveFiles.ts';
import type { CommandServices } from './services.ts';

/** How an invocation is made again. */
export interface ReplayManner {
  /** Absent: as the pool decides. */
  startKind?: StartKind;
  /** Debugs the function first. */
  debug: boolean;
  /** Its failure is what the user wants to see: no message tells of it. */
  expectFailure?: true;
}

/** Sends the event of a recorded invocation again, or another one, and shows the new invocation as it happens. */
export async function replay(
  services: CommandServices,
  { host, api, id }: ChosenInvocation,
  original: InvocationRecord,
  { startKind, debug, expectFailure }: ReplayManner,
  event?: InvokeParams['event'],
): Promise<InvocationRecord> {
  if (!event) refuseCut(original);
  const name = original.function;
  if (debug) await services.debugFunction(host, name);
  await saveFiles(services, host, api);
  const folder = host.folder.path;
  let shown: string | undefined;
  const first = new FirstInvocation(host.mirror, name, systemClock, (begun) => {
    shown = begun;
    services.selection.reveal({ folder, id: begun });
  });
  try {
    const params = { id, ...(event ? { event } : {}), ...(startKind ? { startKind } : {}) };
    const result = await services.api.window.withProgress({ location: { viewId: viewIds.invocations } }, () =>
      api.replay(params),
    );
    // A quick one has ended before the host tells that it began; or another call of the function came first.
    if (shown !== result.id) services.selection.reveal({ folder, id: result.id });
    if (expectFailure) services.dialogs.remark(`${name}: ${invocationDescription(result)}`);
    else void announce(services, host, result);
    return result;
  } finally {
    first.dispose();
  }
}

/** Lets the user choose start kind and debugger; undefined when there was no choice. `more` comes first. */
export function chooseManner<T>(
  services: CommandServices,
  { host }: Pick<ChosenInvocation, 'host'>,
  name: string,
  more: Choice<ReplayManner | T>[] = [],
): Promise<ReplayManner | T | undefined> {
  const { api, dialogs } = services;
  const state = host.mirror.function(name);
  const warm = state?.instances.some(({ phase }) => ['idle', 'frozen', 'busy', 'paused'].includes(phase));
  const kinds: [StartKind | undefined, string, string][] = [
    [undefined, l10n.t('As the Pool Decides'), l10n.t('like any other call')],
    ['cold', l10n.t('Cold'), l10n.t('on a new process')],
    ['prewarmed', l10n.t('Prewarmed'), l10n.t('on a booted process without your code')],
  ];
  if (warm) kinds.push(['warm', l10n.t('Warm'), l10n.t('on an instance that served before')]);
  const choices = (debug: boolean): Choice<ReplayManner>[] =>
    kinds.map(([startKind, label, description]) => ({
      label: debug ? l10n.t('$(debug-alt) {0}, in the Debugger', label) : `$(play) ${label}`,
      description,
      value: { debug, ...(startKind ? { startKind } : {}) },
    }));
  const separator = (label: string): Choice<never> => ({ label, kind: api.QuickPickItemKind.Separator });
  // Every instance of a debugged function has the debugger: without is not on offer then.
  const debugged = services.isDebugged(host, name);
  return dialogs.pick<ReplayManner | T>(
    [
      ...more,
      ...(debugged ? [] : [separator(l10n.t('Start')), ...choices(false)]),
      separator(
        debugged ? l10n.t('In the debugger, as {0} is debugged now', name) : l10n.t('In the debugger'),
      ),
      ...choices(true),
    ],
    { placeHolder: l10n.t('Replay {0} how?', name), matchOnDescription: true },
  );
}
