import {
  ListMessages,
  ListQueues,
  PurgeQueue,
  RedriveQueue,
  type MessageState,
  type QueueState,
} from '../protocol/control/queues.ts';
import { confirm } from './confirm.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { table, write, type Terminal } from './terminal.ts';
import { dateTime } from '../model/dateTime.ts';

/** How many messages of a queue are shown. */
const shownMessages = 100;
const shownCharacters = 60;

/** Prints the queues of a folder with what they hold, or the messages of one of them. */
export async function queues(
  terminal: Terminal,
  { queue, json }: { queue?: string | undefined; json?: true },
): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const [found, text] = await withHost(root, terminal, async (connection) => {
    if (queue === undefined) {
      const states = await connection.sendRequest(ListQueues);
      return [states, states.length === 0 ? 'No queues.\n' : queueTable(states)] as const;
    }
    const messages = await connection.sendRequest(ListMessages, { queue, limit: shownMessages });
    return [messages, messages.length === 0 ? 'No messages.\n' : messageTable(messages)] as const;
  });
  await write(terminal.stdout, json ? `${JSON.stringify(found)}\n` : text);
  return exitCodes.ok;
}

function queueTable(states: readonly QueueState[]): string {
  const head = ['QUEUE', 'WAITING', 'IN FLIGHT', 'DELAYED', 'GOES TO', 'DEAD LETTERS'];
  const rows = states.map((state) => [
    state.name,
    String(state.waiting),
    String(state.inFlight),
    String(state.delayed),
    state.consumers.map((consumer) => consumer.function).join(', ') || '-',
    deadLetters(state),
  ]);
  return table([head, ...rows]);
}

function deadLetters({ deadLetters: to, deadLettersOf }: QueueState): string {
  if (to) return `after ${to.afterReceives} receives to ${to.queue}`;
  return deadLettersOf.length > 0 ? `of ${deadLettersOf.join(', ')}` : '-';
}

function messageTable(messages: readonly MessageState[]): string {
  const words = { waiting: 'waiting', inFlight: 'in flight', delayed: 'delayed' };
  const head = ['MESSAGE', 'STATE', 'RECEIVES', 'SENT', 'VISIBLE', 'BODY'];
  const rows = messages.map((message) => [
    message.id,
    words[message.state],
    String(message.receiveCount),
    dateTime(message.sentAt),
    message.state === 'waiting' ? 'now' : dateTime(message.visibleAt),
    short(message.body),
  ]);
  return table([head, ...rows]);
}

function short(body: string): string {
  const line = body.replace(/\s+/g, ' ');
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters - 1)}…` : line;
}

/** Removes all messages of a queue, once somebody has agreed. */
export async function purge(
  terminal: Terminal,
  { queue, yes, json }: { queue: string; yes?: true; json?: true },
): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  return withHost(root, terminal, async (connection) => {
    const messages = await connection.sendRequest(ListMessages, { queue, limit: 1000 });
    const count = messages.length === 1000 ? 'all' : `the ${messages.length}`;
    if (!yes && messages.length > 0 && !(await confirm(terminal, `Remove ${count} messages of ${queue}?`)))
      return exitCodes.ok;
    const result = await connection.sendRequest(PurgeQueue, { queue });
    await write(terminal.stdout, json ? `${JSON.stringify(result)}\n` : `${result.removed} removed\n`);
    return exitCodes.ok;
  });
}

/** Moves dead letters back to where they died. */
export async function redrive(
  terminal: Terminal,
  { queue, ids, json }: { queue: string; ids: string[]; json?: true },
): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const result = await withHost(root, terminal, (connection) =>
    connection.sendRequest(RedriveQueue, { queue, ...(ids.length > 0 && { ids }) }),
  );
  await write(terminal.stdout, json ? `${JSON.stringify(result)}\n` : `${result.moved} moved\n`);
  return exitCodes.ok;
}
