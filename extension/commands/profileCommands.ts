import { defaultRuns } from '../../runtime/model/coldStartProfile.ts';
import { compareProfiles, earlierProfile } from '../../runtime/model/compareProfiles.ts';
import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { profileDocument } from '../presentation/profileText.ts';
import { abortWith } from './deployResult.ts';
import { lastEvent } from './eventChoice.ts';
import { chooseFunction } from './functionChoice.ts';
import { saveFiles } from './saveFiles.ts';
import type { Command, CommandServices } from './services.ts';

async function profile(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chooseFunction(services, argument);
  if (!chosen) return;
  const { host, api, state } = chosen;
  await saveFiles(services, host, api);
  const { window, ProgressLocation } = services.api;
  // Measuring replaces what was kept of the same code.
  const kept = await api.listProfiles(state.name);
  const last = lastEvent(services, host, state.name);
  const event = last?.kind === 'event' ? { encoding: 'utf8' as const, data: last.text } : undefined;
  const title = l10n.t('Profiling cold starts of {0}', state.name);
  const made = await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    (progress, token) =>
      api.profile(
        { function: state.name, runs: defaultRuns, ...(event ? { event } : {}) },
        (run) => {
          const message = l10n.t('run {0} of {1}', run, defaultRuns);
          progress.report({ increment: run === 1 ? 0 : 100 / defaultRuns, message });
        },
        abortWith(token),
      ),
  );
  host.mirror.setImportCosts(made);
  const before = earlierProfile(kept, made.artifact);
  const text = profileDocument(made, host.folder.path, before && compareProfiles(before, made));
  await services.documents.open(
    l10n.t('{0} cold start.md', state.name),
    text,
    `profile-${host.folder.path}-${state.name}`,
  );
}

/** Measuring cold starts. */
export const profileCommands: readonly Command[] = [
  {
    id: commandIds.profile,
    whenDown: 'starts',
    create: (services) => (argument) => profile(services, argument),
  },
];
