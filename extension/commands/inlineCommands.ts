import { readLogged, readShown } from '../contributions/arguments.ts';
import { commandIds, internalCommandIds, viewIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { inlineModes, type InlineMode } from '../presentation/inlineSetting.ts';
import type { Command, CommandServices } from './services.ts';

async function chooseMode({ dialogs, inlineLogs }: CommandServices): Promise<void> {
  const words: Record<InlineMode, string> = {
    all: l10n.t('Log values and errors'),
    errors: l10n.t('Errors only'),
    off: l10n.t('Nothing'),
  };
  const mode = await dialogs.pick(
    inlineModes.map((value) => ({
      label: words[value],
      ...(value === inlineLogs.value ? { description: l10n.t('chosen') } : {}),
      value,
    })),
    { placeHolder: l10n.t('What to show at the end of source lines?') },
  );
  if (mode) await inlineLogs.update(mode);
}

async function copyLogged(services: CommandServices, argument: unknown): Promise<void> {
  const wanted = readShown(argument);
  const values = wanted ? services.loggedValues(wanted.file, wanted.line) : [];
  const last = values.at(-1);
  if (!wanted || last === undefined) {
    services.dialogs.remark(l10n.t('The line shows no value any more.'));
    return;
  }
  await services.api.env.clipboard.writeText(wanted.all ? values.join('\n') : last);
  const remark =
    wanted.all && values.length > 1 ? l10n.t('Copied {0} values', values.length) : l10n.t('Copied the value');
  services.dialogs.remark(`$(copy) ${remark}`);
}

/** Commands on what stands at the end of source lines; most of them are links of its hover. */
export const inlineCommands: readonly Command[] = [
  { id: commandIds.toggleInlineLogs, whenDown: 'works', create: (services) => () => chooseMode(services) },
  {
    id: internalCommandIds.copyLogged,
    whenDown: 'works',
    create: (services) => (argument) => copyLogged(services, argument),
  },
  {
    id: internalCommandIds.showLoggedAt,
    whenDown: 'works',
    create: (services) => async (argument) => {
      const loggedAt = readLogged(argument);
      if (!loggedAt) return;
      services.filter.set({ loggedAt });
      await services.api.commands.executeCommand(`${viewIds.invocations}.focus`);
    },
  },
  {
    id: internalCommandIds.followLatest,
    whenDown: 'works',
    create: (services) => () => services.selection.select(undefined),
  },
];
