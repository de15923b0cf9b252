import { once } from 'node:events';
import { PorchlightError } from '../model/errors.ts';
import type { LogEntry } from '../model/invocationRecord.ts';
import {
  GetInvocation,
  InvocationChanged,
  InvocationLogged,
  QueryInvocations,
} from '../protocol/control/messages.ts';
import type { InvocationStatus, StartKind } from '../model/words.ts';
import type { ControlConnection, RpcConnection } from '../protocol/control/connection.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { joinHost, withHost } from './hostAccess.ts';
import { logText, shortId, timeOfDay } from './invocationText.ts';
import { painter, write, type Terminal } from './terminal.ts';
import { forgetOldest } from '../support/forgetOldest.ts';

export interface LogsOptions {
  name: string | undefined;
  follow?: true;
  grep?: string;
  status?: InvocationStatus;
  startKind?: StartKind;
  /** Milliseconds since the epoch. */
  since?: number;
  until?: number;
  json?: true;
}

/** Invocations whose lines are shown before those that come. */
const recentInvocations = 50;

/** Callers that are remembered for lines still to come. */
const mostParents = 1000;

interface Line {
  /** Milliseconds since the epoch, when known. */
  time: number;
  function: string;
  invocation: string;
  /** The caller's invocation. */
  parent: string | undefined;
  entry: LogEntry;
}

/** Prints the log lines of recent invocations, and with `follow` those that come, until Ctrl+C or the host's end. */
export async function logs(terminal: Terminal, options: LogsOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const print = printer(terminal, options);
  if (!options.follow) {
    await withHost(root, terminal, (connection) => printRecent(connection, options, print));
    return exitCodes.ok;
  }
  // Lines that come while the recent ones are being read wait for their turn.
  let recent: Line[] | undefined = [];
  const setUp = (connection: RpcConnection): void => {
    const parents = new Map<string, string>();
    // Comes before the first line of its invocation.
    connection.onNotification(InvocationChanged, ({ id, parent }) => {
      if (parent === undefined) return;
      parents.set(id, parent);
      forgetOldest(parents, mostParents);
    });
    connection.onNotification(InvocationLogged, ({ id, function: name, entries }) => {
      const parent = parents.get(id);
      const lines = entries.map((entry) => ({
        time: Date.now(),
        function: name,
        invocation: id,
        parent,
        entry,
      }));
      if (recent) recent.push(...lines);
      else for (const line of lines) void print(line);
    });
  };
  const access = await joinHost(root, { subscribe: true, setUp });
  if (!access) {
    throw new PorchlightError('USAGE', {
      detail: `Nothing runs for ${root} that could be followed. Start it with: porchlight start`,
    });
  }
  try {
    const shown = await printRecent(access.connection, options, print);
    const waiting = recent;
    recent = undefined;
    for (const line of waiting) if (!shown.has(keyOf(line))) void print(line);
    await Promise.race([closed(access.connection), once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    return exitCodes.ok;
  } finally {
    await access.close();
  }
}

function closed(connection: RpcConnection): Promise<string> {
  return new Promise((resolve) => connection.onClose(resolve));
}

async function printRecent(
  connection: ControlConnection,
  { name, grep, status, startKind, since, until }: LogsOptions,
  print: (line: Line) => Promise<void>,
): Promise<Set<string>> {
  const shown = new Set<string>();
  const newestFirst = await connection.sendRequest(QueryInvocations, {
    limit: recentInvocations,
    ...(name === undefined ? {} : { function: name }),
    ...(grep === undefined ? {} : { text: grep }),
    ...(status === undefined ? {} : { status }),
    ...(startKind === undefined ? {} : { startKind }),
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
  });
  for (const { id } of newestFirst.reverse()) {
    const record = await connection.sendRequest(GetInvocation, { id });
    for (const entry of record?.logs ?? []) {
      const time = record!.receivedAt + entry.t / 1000;
      const line = { time, function: record!.function, invocation: id, parent: record!.parent, entry };
      shown.add(keyOf(line));
      await print(line);
    }
  }
  return shown;
}

/** Tells a line that is both in a record and on its way. */
function keyOf({ invocation, entry }: Line): string {
  return `${invocation} ${entry.t} ${entry.text}`;
}

/** Prints the lines that are asked for. */
function printer(terminal: Terminal, { name, grep, json }: LogsOptions): (line: Line) => Promise<void> {
  const paint = painter(terminal.stdout, terminal.env);
  const wanted = grep?.toLowerCase();
  return async (line) => {
    if (name !== undefined && line.function !== name) return;
    const { text, level, stream, at } = line.entry;
    if (wanted !== undefined && !text.toLowerCase().includes(wanted)) return;
    if (json) {
      const { time, function: fn, invocation, parent } = line;
      const object = {
        time: new Date(time).toISOString(),
        function: fn,
        invocation,
        parent,
        level,
        stream,
        text,
        at,
      };
      return write(terminal.stdout, `${JSON.stringify(object)}\n`);
    }
    const caller = line.parent === undefined ? '' : ` < ${shortId(line.parent)}`;
    const origin = paint('cyan', `${line.function} ${shortId(line.invocation)}${caller}`);
    return write(
      terminal.stdout,
      `${paint('dim', timeOfDay(line.time))} ${origin}  ${logText(line.entry, paint)}\n`,
    );
  };
}
