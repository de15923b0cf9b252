import { ListFunctions } from '../protocol/control/messages.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { functionTable } from './functionTable.ts';
import { withHost } from './hostAccess.ts';
import { write, type Terminal } from './terminal.ts';

/** Prints the functions of a folder. */
export async function list(terminal: Terminal, options: { dir: string; json?: true }): Promise<ExitCode> {
  const root = await projectFolder(terminal, options.dir);
  const found = await withHost(root, terminal, (connection) => connection.sendRequest(ListFunctions));
  if (options.json) {
    await write(terminal.stdout, `${JSON.stringify(found)}\n`);
    return exitCodes.ok;
  }
  await write(terminal.stdout, functionTable(found.functions));
  for (const { severity, message, file, line, column } of found.problems) {
    const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
    await write(terminal.stderr, `${place}: ${severity}: ${message}\n`);
  }
  return exitCodes.ok;
}
