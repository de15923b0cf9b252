import { ListFunctions } from '../protocol/control/messages.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { functionTable, inspectorLines } from './functionTable.ts';
import { reachHost } from './hostAccess.ts';
import { write, type Terminal } from './terminal.ts';

/** Prints the functions of a folder. */
export async function list(terminal: Terminal, options: { dir: string; json?: true }): Promise<ExitCode> {
  const root = await projectFolder(terminal, options.dir);
  const access = await reachHost(root, terminal);
  const found = await access.connection.sendRequest(ListFunctions).finally(() => access.close());
  if (options.json) {
    await write(terminal.stdout, `${JSON.stringify(found)}\n`);
    return exitCodes.ok;
  }
  await write(terminal.stdout, functionTable(found.functions, access.running));
  await write(terminal.stdout, inspectorLines(found.functions));
  for (const { severity, message, file, line, column } of found.problems) {
    const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
    await write(terminal.stderr, `${place}: ${severity}: ${message}\n`);
  }
  return exitCodes.ok;
}
