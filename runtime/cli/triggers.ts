import { PorchlightError } from '../model/errors.ts';
import { ListTriggers } from '../protocol/control/triggers.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { write, type Terminal } from './terminal.ts';
import { triggerProblems, triggerTable } from './triggerTable.ts';

/** Prints the triggers of a folder's functions, or of one, with what they wait for. */
export async function triggers(
  terminal: Terminal,
  { name, json }: { name?: string | undefined; json?: true },
): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const found = await withHost(root, terminal, (connection) => {
    const { functions } = connection.hello;
    if (name !== undefined && !functions.some((fn) => fn.name === name)) {
      const known = functions.map((fn) => fn.name).join(', ');
      throw new PorchlightError('FUNCTION_UNKNOWN', { name, known });
    }
    return connection.sendRequest(ListTriggers, name === undefined ? {} : { function: name });
  });
  if (json) await write(terminal.stdout, `${JSON.stringify(found)}\n`);
  else if (found.length === 0) await write(terminal.stdout, 'No triggers.\n');
  else await write(terminal.stdout, triggerTable(found));
  await write(terminal.stderr, triggerProblems(found));
  return exitCodes.ok;
}
