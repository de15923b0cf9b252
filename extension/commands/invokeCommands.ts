import { isFailure, type InvocationSummary, translatedError } from '../../runtime/model/invocationRecord.ts';
import { systemClock } from '../../runtime/support/clock.ts';
import { commandIds, viewIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import { invocationDescription, oneLine } from '../presentation/invocationText.ts';
import {
  chooseEvent,
  defaultEvent,
  eventText,
  lastEvent,
  rememberEvent,
  type EventChoice,
} from './eventChoice.ts';
import { FirstInvocation } from './firstInvocation.ts';
import { chooseFunction, type ChosenFunction } from './functionChoice.ts';
import { callHttp } from './httpCall.ts';
import { saveFiles } from './saveFiles.ts';
import type { Command, CommandServices } from './services.ts';

/** Shows an invocation where the user looks: its row when the view is open, otherwise a remark or a message. */
export async function announce(
  services: CommandServices,
  host: FolderHost,
  summary: InvocationSummary,
  httpStatus?: number,
): Promise<void> {
  const answer = httpStatus === undefined ? '' : `HTTP ${httpStatus} · `;
  const text = `${summary.function}: ${answer}${invocationDescription(summary)}`;
  if (summary.status === 'ok') services.dialogs.remark(`$(pass) ${text}`);
  else if (services.invocationsVisible()) services.dialogs.remark(`$(error) ${text}`);
  else {
    const error = translatedError(summary);
    const why = error ? `${error.type}: ${oneLine(error.message, 200)}` : text;
    const show = l10n.t('Show Invocation');
    const debug = l10n.t('Debug This Failure');
    const actions = isFailure(summary) ? [show, debug] : [show];
    const chosen = await services.dialogs.error(`${summary.function}: ${why}`, ...actions);
    if (chosen === debug) {
      const argument = { invocation: summary.id, folder: host.folder.path };
      await services.api.commands.executeCommand(commandIds.debugFailure, argument);
    }
    if (chosen !== show) return;
    await services.api.commands.executeCommand(`${viewIds.invocations}.focus`);
    services.selection.reveal({ folder: host.folder.path, id: summary.id });
  }
}

async function send(
  { api, state }: ChosenFunction,
  event: EventChoice,
): Promise<{ record?: InvocationSummary; status?: number }> {
  if (event.kind === 'event') {
    return {
      record: await api.invoke({ function: state.name, event: { encoding: 'utf8', data: event.text } }),
    };
  }
  // The gateway may have another port than when the path was remembered.
  const base = state.urls.http[0] ?? state.urls.invoke;
  return callHttp({ ...event, url: new URL(event.url, base).href });
}

/** Invokes a function, showing the invocation as it happens. */
export async function invokeFunction(
  services: CommandServices,
  chosen: ChosenFunction,
  event: EventChoice,
): Promise<void> {
  const { host, state } = chosen;
  await rememberEvent(services, host, state.name, event);
  await saveFiles(services, host, chosen.api);
  const folder = host.folder.path;
  let shown: string | undefined;
  const first = new FirstInvocation(host.mirror, state.name, systemClock, (id) => {
    shown = id;
    services.selection.reveal({ folder, id });
  });
  try {
    const { record, status } = await services.api.window.withProgress(
      { location: { viewId: viewIds.invocations } },
      () => send(chosen, event),
    );
    // A quick one has ended before the host tells that it began; or another call of the function came first.
    if (record && record.id !== shown) services.selection.reveal({ folder, id: record.id });
    const summary = record ?? (await first.end());
    if (summary) void announce(services, host, summary, status);
    else
      services.dialogs.remark(l10n.t('{0}: HTTP {1}, no function was called', eventText(event), status ?? 0));
  } finally {
    first.dispose();
  }
}

/** Invokes a function with the event it got last. */
export async function invokeAgain(services: CommandServices, chosen: ChosenFunction): Promise<void> {
  const event = lastEvent(services, chosen.host, chosen.state.name) ?? defaultEvent(chosen.state);
  await invokeFunction(services, chosen, event);
}

/** Commands that call a function. */
export const invokeCommands: readonly Command[] = [
  {
    id: commandIds.invoke,
    whenDown: 'starts',
    create: (services) => async (argument) => {
      const chosen = await chooseFunction(services, argument);
      if (!chosen) return;
      await invokeAgain(services, chosen);
    },
  },
  {
    id: commandIds.invokeInFile,
    whenDown: 'starts',
    create: (services) => async () => {
      const chosen = await chooseFunction(services, undefined, { inFile: true });
      if (chosen) await invokeAgain(services, chosen);
    },
  },
  {
    id: commandIds.invokeWithEvent,
    whenDown: 'starts',
    create: (services) => async (argument) => {
      const chosen = await chooseFunction(services, argument);
      const event = chosen && (await chooseEvent(services, chosen.host, chosen.state));
      if (chosen && event) await invokeFunction(services, chosen, event);
    },
  },
];
