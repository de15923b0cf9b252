import type { Command } from 'commander';
import type { ExitCode } from './exitCode.ts';
import type { SendOptions } from './send.ts';
import type { Terminal } from './terminal.ts';

/** The commands that deal with queues and their messages. */
export function addQueueCommands(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const json = ['--json', 'output for programs'] as const;

  program
    .command('send')
    .description('send a message to a queue or a topic')
    .argument('<queue>', 'name, ARN or address of a queue, or name of a topic')
    .option('-e, --event <message>', 'a file, the message itself, or - for stdin')
    .option('--group <id>', 'message group')
    .option('--deduplication-id <id>', 'by which a FIFO queue knows a repetition')
    .option('--delay <time>', 'wait before it may be handed out, e.g. 30s')
    .option('--tag <tag>', 'by which subscriptions of a topic choose')
    .option('--attribute <name=value...>', 'attributes of the message, as text')
    .option(...json)
    .action(async (queue: string, options: Omit<SendOptions, 'queue'>) =>
      done(await (await import('./send.ts')).send(terminal, { queue, ...options })),
    );

  program
    .command('queues')
    .description('queues of a folder with what they hold, or the messages of one')
    .argument('[queue]', 'whose messages to show; nobody receives them by that')
    .option(...json)
    .action(async (queue: string | undefined, options: { json?: true }) =>
      done(await (await import('./queues.ts')).queues(terminal, { queue, ...options })),
    );

  program
    .command('purge')
    .description('remove all messages of a queue')
    .argument('<queue>', 'queue')
    .option('--yes', 'do not ask')
    .option(...json)
    .action(async (queue: string, options: { yes?: true; json?: true }) =>
      done(await (await import('./queues.ts')).purge(terminal, { queue, ...options })),
    );

  program
    .command('redrive')
    .description('move dead letters back to the queues they died in')
    .argument('<queue>', 'dead-letter queue')
    .argument('[id...]', 'messages; all when none is given')
    .option(...json)
    .action(async (queue: string, ids: string[], options: { json?: true }) =>
      done(await (await import('./queues.ts')).redrive(terminal, { queue, ids, ...options })),
    );
}
