import type { DeployedAnswer } from '../model/deploy.ts';
import { milliseconds } from '../model/units.ts';
import { InvokeDeployed } from '../protocol/control/messages.ts';
import { readEvent } from './event.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { painter, write, type Terminal } from './terminal.ts';

export interface InvokeDeployedOptions {
  name: string;
  target: string;
  event?: string;
  json?: true;
}

/** Calls what is deployed on a target: its result to stdout, how it went to stderr. Ctrl+C gives up waiting. */
export async function invokeDeployed(terminal: Terminal, options: InvokeDeployedOptions): Promise<ExitCode> {
  const { name, target, json } = options;
  const event = await readEvent(terminal, options.event);
  const root = await projectFolder(terminal, undefined);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on('SIGINT', onSignal);
  try {
    const answer = await withHost(root, terminal, (connection) =>
      connection.sendRequest(InvokeDeployed, { function: name, target, event }, { signal: interrupt.signal }),
    );
    if (json) await write(terminal.stdout, `${JSON.stringify(answer)}\n`);
    else await show(terminal, answer);
    return answer.status === 'ok' ? exitCodes.ok : exitCodes.functionFailed;
  } finally {
    process.off('SIGINT', onSignal);
  }
}

async function show(terminal: Terminal, answer: DeployedAnswer): Promise<void> {
  const paint = painter(terminal.stderr, terminal.env);
  const { target, version, status, startKind, durationMs, message, result } = answer;
  const words = paint(status === 'ok' ? 'green' : 'red', status);
  const start = startKind === undefined ? '' : ` ${startKind}`;
  const line = `${answer.function} on ${target}, version ${version}: ${words}${start} ${milliseconds(durationMs)}`;
  await write(terminal.stderr, `${line}\n`);
  if (message !== undefined) await write(terminal.stderr, `${message}\n`);
  if (status === 'ok' && result === undefined)
    await write(terminal.stderr, 'The result is too long to be shown.\n');
  if (result === undefined) return;
  await write(terminal.stdout, result);
  if (terminal.stdout.isTTY) await write(terminal.stdout, '\n');
}
