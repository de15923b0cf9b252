import { PorchlightError } from '../model/errors.ts';
import { parseDuration } from '../model/units.ts';
import { ListQueues, SendMessage } from '../protocol/control/queues.ts';
import { readEvent } from './event.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { reachHost } from './hostAccess.ts';
import { write, type Terminal } from './terminal.ts';

export interface SendOptions {
  queue: string;
  event?: string;
  group?: string;
  deduplicationId?: string;
  delay?: string;
  tag?: string;
  attribute?: string[];
  json?: true;
}

/** Sends a message to a queue or a topic; the id goes to stdout. Who brings it to a function is told on stderr. */
export async function send(terminal: Terminal, options: SendOptions): Promise<ExitCode> {
  const { queue, group, deduplicationId, tag, json } = options;
  const attributes = readAttributes(options.attribute ?? []);
  const delaySeconds = options.delay === undefined ? undefined : readDelay(options.delay);
  const event = await readEvent(terminal, options.event);
  if (event?.encoding !== 'utf8')
    throw new PorchlightError('MESSAGE_REFUSED', { queue, detail: 'a message is text; encode it first.' });
  const root = await projectFolder(terminal, undefined);
  const access = await reachHost(root, terminal);
  try {
    const { messages } = await access.connection.sendRequest(SendMessage, {
      queue,
      body: event.data,
      attributes,
      ...(group !== undefined && { group }),
      ...(deduplicationId !== undefined && { deduplicationId }),
      ...(delaySeconds !== undefined && { delaySeconds }),
      ...(tag !== undefined && { tag }),
    });
    if (json) await write(terminal.stdout, `${JSON.stringify(messages)}\n`);
    else await write(terminal.stdout, messages.map(({ id }) => `${id}\n`).join(''));
    const states = await access.connection.sendRequest(ListQueues);
    for (const { queue: name, repeated } of messages) {
      const consumers = states.find((state) => state.name === name)?.consumers ?? [];
      await write(terminal.stderr, `${afterwards(name, repeated, consumers, access.running)}\n`);
    }
    return exitCodes.ok;
  } finally {
    await access.close();
  }
}

function afterwards(
  queue: string,
  repeated: boolean,
  consumers: readonly { function: string }[],
  running: boolean,
): string {
  if (repeated) return `${queue}: the queue knows this message already and drops the repetition.`;
  if (consumers.length === 0) return `${queue}: no function gets its messages; a client has to receive them.`;
  const names = consumers.map(({ function: name }) => name).join(', ');
  if (running) return `${queue}: ${names} gets it.`;
  return `${queue}: ${names} gets it when a host of this folder runs: porchlight start, or the editor.`;
}

function readAttributes(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) {
        throw new PorchlightError('USAGE', { detail: `--attribute takes name=value, not "${text}".` });
      }
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function readDelay(text: string): number {
  const ms = parseDuration(/^\d+$/.test(text) ? Number(text) : text);
  if (ms === undefined)
    throw new PorchlightError('USAGE', { detail: `--delay takes a duration such as 30s, not "${text}".` });
  return Math.round(ms / 1000);
}
