import { ListFunctions } from '../protocol/control/messages.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { functionTable, inspectorLines, problemLine } from './functionTable.ts';
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
  for (const problem of found.problems) await write(terminal.stderr, problemLine(problem));
  return exitCodes.ok;
}
