import type { ColdStartProfile } from '../model/coldStartProfile.ts';
import { compareProfiles, earlierProfile } from '../model/compareProfiles.ts';
import { PorchlightError } from '../model/errors.ts';
import { ListProfiles, Profile, ProfileProgressed } from '../protocol/control/messages.ts';
import { readEvent } from './event.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { comparisonText, profileText } from './profileText.ts';
import { progressLine } from './progressLine.ts';
import { painter, write, type Terminal } from './terminal.ts';

export interface ProfileOptions {
  name: string;
  runs: number;
  event?: string;
  /** An artifact's id or its beginning; `true` or `last`: the last other one. */
  compare?: string | true;
  json?: true;
}

/** Measures cold starts of a function. Ctrl+C ends early: what ran by then counts. */
export async function profile(terminal: Terminal, options: ProfileOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const { name, runs } = options;
  const event = options.event === undefined ? undefined : await readEvent(terminal, options.event);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on('SIGINT', onSignal);
  const progress = progressLine(terminal);
  try {
    const [made, before] = await withHost(
      root,
      terminal,
      async (connection) => {
        // Before the runs: they replace what was kept of the same code.
        const kept =
          options.compare === undefined ? [] : await connection.sendRequest(ListProfiles, { function: name });
        if (options.compare !== undefined) earlier(kept, name, '', options.compare);
        const made = await connection.sendRequest(
          Profile,
          { function: name, runs, ...(event ? { event } : {}) },
          { signal: interrupt.signal },
        );
        const before =
          options.compare === undefined ? undefined : earlier(kept, name, made.artifact, options.compare);
        return [made, before] as const;
      },
      {
        setUp: (of) =>
          void of.onNotification(ProfileProgressed, ({ run }) => progress.show(`run ${run} of ${runs}`)),
      },
    );
    progress.clear();
    await show(terminal, made, before, options.json === true);
    return exitCodes.ok;
  } finally {
    progress.clear();
    process.off('SIGINT', onSignal);
  }
}

/** The profile to compare with; without one there is no use in measuring. */
function earlier(
  kept: readonly ColdStartProfile[],
  name: string,
  artifact: string,
  compare: string | true,
): ColdStartProfile {
  const wanted = compare === true || compare === 'last' ? undefined : compare;
  const found = earlierProfile(kept, artifact, wanted);
  if (found) return found;
  const others = kept.flatMap((each) => (each.passive ? [] : [each.artifact])).join(', ');
  const detail =
    wanted === undefined
      ? 'none is kept. Profile it once without --compare, change the code, and compare then.'
      : `none is of artifact "${wanted}". Kept: ${others || 'none'}.`;
  throw new PorchlightError('PROFILE_UNKNOWN', { function: name, detail });
}

async function show(
  terminal: Terminal,
  made: ColdStartProfile,
  before: ColdStartProfile | undefined,
  json: boolean,
): Promise<void> {
  const comparison = before && compareProfiles(before, made);
  if (json) {
    const whole = comparison ? { ...made, comparison } : made;
    return write(terminal.stdout, `${JSON.stringify(whole)}\n`);
  }
  const paint = painter(terminal.stdout, terminal.env);
  await write(terminal.stdout, profileText(made, paint));
  if (comparison) await write(terminal.stdout, `\n${comparisonText(comparison, paint)}`);
}
