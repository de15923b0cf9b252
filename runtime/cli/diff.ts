import { PorchlightError } from '../model/errors.ts';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import { partPairs } from '../model/invocationParts.ts';
import type { ControlConnection } from '../protocol/control/connection.ts';
import { GetInvocation } from '../protocol/control/messages.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { findInvocation, invocationBefore } from './findInvocation.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { shortId } from './invocationText.ts';
import { painter, write, type Terminal } from './terminal.ts';
import { unifiedDiff } from './unifiedDiff.ts';

export interface DiffOptions {
  /** As `findInvocation` takes them. */
  id: string;
  /** Absent: what the first replays, otherwise the one before it of the same function. */
  other: string | undefined;
}

/** Prints what differs between two invocations as a unified diff, a file for each part. Nothing when nothing differs. */
export async function diff(terminal: Terminal, options: DiffOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const [before, after] = await withHost(root, terminal, (connection) => twoRecords(connection, options));
  const paint = painter(terminal.stdout, terminal.env);
  const text = partPairs(before, after)
    .map((pair) =>
      unifiedDiff(
        { name: nameOf(before, pair.name), text: pair.before.text },
        { name: nameOf(after, pair.name), text: pair.after.text },
        paint,
      ),
    )
    .join('');
  await write(terminal.stdout, text);
  return exitCodes.ok;
}

async function twoRecords(
  connection: ControlConnection,
  { id, other }: DiffOptions,
): Promise<[before: InvocationRecord, after: InvocationRecord]> {
  const first = await findInvocation(connection, id);
  if (other !== undefined) return [first, await findInvocation(connection, other)];
  const { replayOf } = first;
  if (replayOf !== undefined) {
    const original = await connection.sendRequest(GetInvocation, { id: replayOf });
    if (original) return [original, first];
  }
  const before = await invocationBefore(connection, first);
  if (before) return [before, first];
  throw new PorchlightError('USAGE', {
    detail: `No invocation of ${first.function} before this one is recorded. Name the one to compare with.`,
  });
}

function nameOf(record: InvocationRecord, part: string): string {
  return `${record.function}-${shortId(record.id)}/${part}`;
}
