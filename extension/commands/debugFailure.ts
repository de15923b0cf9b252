import { PorchlightError, localized, told } from '../../runtime/model/errors.ts';
import {
  failureStatuses,
  isFailure,
  type InvocationRecord,
  type InvocationSummary,
} from '../../runtime/model/invocationRecord.ts';
import type { SourcePosition } from '../../runtime/model/words.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import { newest, recordOf, refuseCut, type ChosenInvocation } from './chosenInvocation.ts';
import { breakOn, type BreakpointOutcome } from './failureBreakpoint.ts';
import { replay } from './replay.ts';
import type { CommandServices } from './services.ts';

const showBreakpoints = 'workbench.debug.action.focusBreakpointsView';

/** The latest failure of a folder, as far as is recorded. */
export async function latestFailureOf(
  services: Pick<CommandServices, 'hosts'>,
  host: FolderHost,
): Promise<InvocationSummary | undefined> {
  const api = await services.hosts.running(host);
  const found = await Promise.all(
    failureStatuses.map((status) => api.queryInvocations({ status, limit: 1 })),
  );
  return newest(found.flat());
}

/** The latest failure of all folders; rejects when there is none. */
export async function latestFailure(services: CommandServices): Promise<ChosenInvocation> {
  const { hosts } = services;
  const folders = hosts.withProject;
  const found = await Promise.all(
    folders.map(async (host) => {
      const summary = await latestFailureOf(services, host);
      return summary ? [{ host, id: summary.id, receivedAt: summary.receivedAt }] : [];
    }),
  );
  const latest = newest(found.flat());
  if (!latest) {
    const root = folders.map(({ folder }) => folder.name).join(', ') || l10n.t('this window');
    throw new PorchlightError('NO_FAILURE', { root });
  }
  return { host: latest.host, api: await hosts.running(latest.host), id: latest.id };
}

/** Makes a failed invocation again under the debugger, stopped at the line that threw, and says what was done. */
export async function debugFailure(services: CommandServices, chosen: ChosenInvocation): Promise<void> {
  const { dialogs } = services;
  const record = await recordOf(chosen);
  const name = record.function;
  if (!isFailure(record)) {
    void dialogs.info(l10n.t('This invocation of {0} did not fail, so there is no failure to debug.', name));
    return;
  }
  refuseCut(record);
  if (!record.instance) {
    void dialogs.info(
      l10n.t(
        'The code of {0} never ran, so there is no line to stop at. Correct the error first: {1}',
        name,
        record.error?.message ?? '',
      ),
    );
    return;
  }
  await services.debugFunction(chosen.host, name);
  const at = record.error?.at;
  if (at) await stopAt(services, chosen, record, at);
  else await stopSomewhere(services, chosen, record);
}

async function stopAt(
  services: CommandServices,
  chosen: ChosenInvocation,
  record: InvocationRecord,
  at: SourcePosition,
): Promise<void> {
  const { api, dialogs } = services;
  dialogs.remark(`$(debug-alt) ${outcomeText(await breakOn(api, at), at, record.function)}`);
  const ran = record.phases.some(({ name }) => name === 'handler');
  const again = await replay(services, chosen, record, { debug: true, expectFailure: true });
  // Where code is loaded, stops are not counted.
  if (!ran || again.pausedMs > 0) return;
  void dialogs.info(
    again.status === 'ok'
      ? l10n.t('{0} did not fail this time, and did not get to {1}.', record.function, placeOf(at))
      : l10n.t(
          '{0} failed again, but did not stop at {1}: the code may have changed since.',
          record.function,
          placeOf(at),
        ),
  );
}

const placeOf = (at: SourcePosition): string => `${at.file.split(/[\\/]/).at(-1)}:${at.line}`;

function outcomeText(outcome: BreakpointOutcome, at: SourcePosition, name: string): string {
  const place = placeOf(at);
  const texts: Record<BreakpointOutcome, string> = {
    set: l10n.t('A breakpoint was set at {0}, where it failed; {1} is replayed.', place, name),
    there: l10n.t('A breakpoint is at {0} already, where it failed; {1} is replayed.', place, name),
    enabled: l10n.t('The breakpoint at {0}, where it failed, was enabled; {1} is replayed.', place, name),
    conditional: l10n.t(
      'The breakpoint at {0} has a condition, so it may not stop; {1} is replayed.',
      place,
      name,
    ),
  };
  return texts[outcome];
}

/** No line of the user's is known to have failed: says what can be expected, and lets the user prepare for it. */
async function stopSomewhere(
  services: CommandServices,
  chosen: ChosenInvocation,
  record: InvocationRecord,
): Promise<void> {
  const { dialogs, api } = services;
  const name = record.function;
  const again = () => replay(services, chosen, record, { debug: true });
  if (record.status === 'timeout') {
    void dialogs.info(
      l10n.t(
        '{0} timed out, so no line failed. It is replayed in the debugger: press Pause to see what it waits for. Its clock stands still while it is stopped.',
        name,
      ),
    );
    await again();
    return;
  }
  if (record.status === 'oom') {
    void dialogs.info(
      l10n.t(
        '{0} ran out of memory, so no line failed. It is replayed in the debugger, where the limit does not end it: press Pause to see where it is.',
        name,
      ),
    );
    await again();
    return;
  }
  const message =
    record.status === 'crashed'
      ? l10n.t(
          'The process of {0} ended without an error at a line of yours. Set a breakpoint before that, or tick "Uncaught Exceptions" in the Breakpoints view; then replay it in the debugger.',
          name,
        )
      : l10n.t(
          '{0} failed, but not at a line of yours that is known. Tick "Uncaught Exceptions" in the Breakpoints view to stop where it is thrown; then replay it in the debugger.',
          name,
        );
  const [show, send] = [l10n.t('Show Breakpoints'), l10n.t('Replay')];
  let answer = await dialogs.info(message, show, send);
  if (answer === show) {
    await api.commands.executeCommand(showBreakpoints);
    answer = await dialogs.info(l10n.t('When you are ready to debug {0}:', name), send);
  }
  if (answer === send) await again();
}

/** What debugging needs of replaying: it knows folders, not commands. */
export function replaysOf(services: CommandServices) {
  return {
    latestFailure: (host: FolderHost) => latestFailureOf(services, host),
    replayFailure: async (host: FolderHost, id: string, debug: boolean) => {
      const chosen = { host, api: await services.hosts.running(host), id };
      if (debug) await debugFailure(services, chosen);
      else await replay(services, chosen, await recordOf(chosen), { debug: false });
    },
    tellNoFailure: ({ folder }: FolderHost) =>
      void services.dialogs.info(localized(told('NO_FAILURE', { root: folder.name }))),
  };
}
