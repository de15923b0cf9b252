import {
  HostMessage,
  InstanceLogged,
  InvocationChanged,
  InvocationLogged,
} from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/connection.ts';
import { logText, reportLine, shortId } from './invocationText.ts';
import { painter, type Terminal } from './terminal.ts';
import { forgetOldest } from '../support/forgetOldest.ts';

/** Prints what invocations log, and how they end, as it happens. */
export function showLive(connection: RpcConnection, terminal: Terminal): void {
  const paint = painter(terminal.stdout, terminal.env);
  const print = (text: string): void => void terminal.stdout.write(text);
  // The end of an invocation may be told twice, with later facts the second time.
  const ended = new Set<string>();
  connection.onNotification(InvocationLogged, ({ id, function: name, entries }) => {
    for (const entry of entries) {
      print(`${paint('cyan', `${name} ${shortId(id)}`)}  ${logText(entry, paint)}\n`);
    }
  });
  connection.onNotification(InstanceLogged, ({ instance, entries }) => {
    for (const entry of entries) print(`${paint('cyan', instance)}  ${logText(entry, paint)}\n`);
  });
  connection.onNotification(InvocationChanged, (summary) => {
    if (summary.status === 'running' || ended.has(summary.id)) return;
    ended.add(summary.id);
    forgetOldest(ended, 1000);
    print(`${paint('cyan', shortId(summary.id))}  ${reportLine(summary, paint)}`);
  });
  connection.onNotification(HostMessage, ({ level, text }) => {
    if (level !== 'info') terminal.stderr.write(`${text}\n`);
  });
}
