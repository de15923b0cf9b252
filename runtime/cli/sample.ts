import { randomUUID } from 'node:crypto';
import { PorchlightError } from '../model/errors.ts';
import { platformDefaults, platformIds } from '../model/platformDefaults.ts';
import { findSample, samplesFor, sampleText, type Sample } from '../model/samples/index.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { table, write, type Terminal } from './terminal.ts';

export interface SampleOptions {
  kind?: string | undefined;
  platform?: string;
  list?: true;
  /** `name=value`, as often as wanted. */
  set?: string[];
  json?: true;
}

/** Prints an event as a trigger sends it, or the list of those there are. Reads no project. */
export async function sample(terminal: Terminal, options: SampleOptions): Promise<ExitCode> {
  const { kind, platform, list, set = [], json } = options;
  if (platform !== undefined && platform !== 'cloudevents' && !platformIds.includes(platform)) {
    const detail = `There is no platform "${platform}". Known are ${[...platformIds, 'cloudevents'].join(', ')}.`;
    throw new PorchlightError('USAGE', { detail });
  }
  if (list || kind === undefined) {
    const offered = samplesFor(platform);
    await write(terminal.stdout, json ? `${JSON.stringify(offered.map(listed))}\n` : sampleTable(offered));
    return exitCodes.ok;
  }
  const found = findSample(kind, platform);
  const { region, accountId } = platformDefaults(found.platform);
  const facts = { function: 'my-function', region, accountId, at: new Date(), id: randomUUID() };
  await write(terminal.stdout, sampleText(found, facts, Object.fromEntries(set.map(toField))));
  return exitCodes.ok;
}

function toField(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new PorchlightError('USAGE', { detail: `--set takes name=value, not "${text}".` });
}

function listed({ kind, platform, title, fields }: Sample): object {
  return { kind, platform, title, fields };
}

function sampleTable(offered: readonly Sample[]): string {
  const rows = offered.map(({ kind, platform, title, fields }) => [
    kind,
    platform,
    title,
    Object.keys(fields).join(', '),
  ]);
  return table([['KIND', 'PLATFORM', 'WHAT', 'FIELDS (--set)'], ...rows]);
}
