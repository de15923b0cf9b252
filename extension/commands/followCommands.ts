import { readDeployed } from '../contributions/arguments.ts';
import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { RemoteChange, RemotePlace } from '../hostClient/remoteLogs.ts';
import { remoteLineText } from '../presentation/deployText.ts';
import { chooseDeployed } from './deployedCommands.ts';
import { invokeFunction } from './invokeCommands.ts';
import { remoteOf } from './remoteInvocation.ts';
import type { Command, CommandServices } from './services.ts';

const channelOf = ({ logChannel }: CommandServices, place: RemotePlace) =>
  logChannel(l10n.t('{0} on {1}', place.function, place.target));

/** Follows a log in the background, until the user stops it or the window is closed. */
async function follow(services: CommandServices, argument: unknown, show: boolean): Promise<void> {
  const chosen = await chooseDeployed(services, argument, l10n.t('Follow the log of which function?'));
  if (!chosen) return;
  const { host, target, deployed } = chosen;
  const place = { target, function: deployed.function };
  if (show) channelOf(services, place).show(true);
  if (host.remote.follow(place)) return;
  const { dialogs, log } = services;
  // What ends it otherwise than by the user; the command is long over by then.
  host.remote.start(place).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    log.error(message);
    void dialogs.error(message);
  });
  dialogs.remark(`$(eye) ${l10n.t('Following the log of {0} on {1}', place.function, target)}`);
}

async function stop(services: CommandServices, argument: unknown): Promise<void> {
  const wanted = readDeployed(argument);
  const all = services.hosts.all.flatMap((host) => host.remote.follows.map((place) => ({ host, place })));
  const named = all.filter(
    ({ host, place }) =>
      wanted &&
      place.target === wanted.target &&
      place.function === wanted.function &&
      (wanted.folder === undefined || host.folder.path === wanted.folder),
  );
  const chosen =
    named[0] ??
    (all.length <= 1
      ? all[0]
      : await services.dialogs.pick(
          all.map((one) => ({
            label: one.place.function,
            description: one.place.target,
            value: one,
          })),
          { placeHolder: l10n.t('Stop following which log?') },
        ));
  chosen?.host.remote.stop(chosen.place);
}

/** Sends the event of a call of a target to the function on this machine. */
async function replayLocally(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = remoteOf(services, argument);
  if (!chosen) return;
  const { host, invocation } = chosen;
  const { event, function: name } = invocation;
  const api = await services.hosts.running(host);
  const state = host.mirror.function(name);
  if (!state || event?.encoding !== 'utf8' || event.truncated) {
    services.dialogs.remark(
      l10n.t('The event of this invocation is not known here, so it cannot be sent again.'),
    );
    return;
  }
  await invokeFunction(services, { host, api, state }, { kind: 'event', text: event.data });
}

/** Commands that follow logs of what is deployed. */
export const followCommands: readonly Command[] = [
  {
    id: commandIds.followDeployed,
    whenDown: 'starts',
    create: (services) => (argument) => follow(services, argument, false),
  },
  {
    id: commandIds.showRemoteLogs,
    whenDown: 'starts',
    create: (services) => (argument) => follow(services, argument, true),
  },
  {
    id: commandIds.stopFollowing,
    whenDown: 'works',
    create: (services) => (argument) => stop(services, argument),
  },
  {
    id: commandIds.replayLocally,
    whenDown: 'starts',
    create: (services) => (argument) => replayLocally(services, argument),
  },
];

/** Writes a followed log to its channel, and tells once why one cannot be read. */
export function tellRemoteNews(services: CommandServices, host: FolderHost, news: RemoteChange): void {
  if (news.kind === 'lines') {
    const channel = channelOf(services, news.place);
    for (const line of news.lines) channel.appendLine(remoteLineText(line));
  } else if (news.kind === 'linesOnly') channelOf(services, news.place).show(true);
  else if (news.kind === 'trouble') void tellTrouble(services, host, news.place, news.message);
}

async function tellTrouble(
  services: CommandServices,
  host: FolderHost,
  place: RemotePlace,
  message: string,
): Promise<void> {
  const { target, function: name } = place;
  services.log.error(`${name} (${target}): ${message}`);
  // What keeps one log of a target from being read keeps others as well.
  const others = host.remote.follows.filter(
    (other) => other.target === target && other.function !== name && other.trouble === message,
  );
  if (others.length > 0) return;
  const stopIt = l10n.t('Stop Following');
  const text = l10n.t('The log of {0} on {1} cannot be read for now: {2}', name, target, message);
  if ((await services.dialogs.warn(text, stopIt)) === stopIt) host.remote.stop(place);
}
