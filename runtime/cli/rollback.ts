import { PorchlightError } from '../model/errors.ts';
import { RollBack } from '../protocol/control/messages.ts';
import { confirm } from './confirm.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { resultText } from './planText.ts';
import { painter, write, type Terminal } from './terminal.ts';

export interface RollBackOptions {
  name: string;
  target: string;
  to?: string;
  yes?: true;
  json?: true;
}

/** Serves an earlier version of a function again. */
export async function rollback(terminal: Terminal, options: RollBackOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const { name, target, to } = options;
  const which = to === undefined ? 'the version before the current one' : `version ${to}`;
  if (!options.yes && !(await confirm(terminal, `Serve ${which} of ${name} on ${target}?`))) {
    throw new PorchlightError('USAGE', { detail: 'Nothing was rolled back.' });
  }
  const result = await withHost(root, terminal, (connection) =>
    connection.sendRequest(RollBack, { function: name, target, ...(to === undefined ? {} : { to }) }),
  );
  const text = options.json
    ? `${JSON.stringify(result)}\n`
    : resultText(result, painter(terminal.stdout, terminal.env));
  await write(terminal.stdout, text);
  return result.functions.every(({ status }) => status === 'rolledBack')
    ? exitCodes.ok
    : exitCodes.functionFailed;
}
