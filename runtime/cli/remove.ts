import { PorchlightError } from '../model/errors.ts';
import { ListDeployed, RemoveDeployed } from '../protocol/control/messages.ts';
import { confirm } from './confirm.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { resultText } from './planText.ts';
import { painter, write, type Terminal } from './terminal.ts';

export interface RemoveOptions {
  name: string;
  target: string;
  yes?: true;
  json?: true;
}

/** Takes a function away from a target; what goes is said before. */
export async function remove(terminal: Terminal, options: RemoveOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const { name, target, yes, json } = options;
  const result = await withHost(root, terminal, async (connection) => {
    if (!yes) {
      const deployed = await connection.sendRequest(ListDeployed, { target });
      const found = deployed.find((each) => each.function === name);
      if (!found) throw new PorchlightError('NOT_DEPLOYED', { function: name, target });
      const versions = found.versions.map(({ version }) => version).join(', ');
      await write(terminal.stderr, `These go: version ${versions}\n`);
      for (const url of found.urls) await write(terminal.stderr, `  ${url}\n`);
      if (!(await confirm(terminal, `Remove ${name} from ${target}?`)))
        throw new PorchlightError('USAGE', { detail: 'Nothing was removed.' });
    }
    return connection.sendRequest(RemoveDeployed, { function: name, target });
  });
  const text = json
    ? `${JSON.stringify(result)}\n`
    : resultText(result, painter(terminal.stdout, terminal.env));
  await write(terminal.stdout, text);
  return exitCodes.ok;
}
