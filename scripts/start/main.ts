import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findCodeCommand } from '../editor/desktopEditor.ts';
import { root, SetupError } from '../setup.mjs';
import { runTool } from '../testing/runTool.ts';
import { openDesktop } from './openDesktop.ts';
import { serveEditor } from './serveEditor.ts';

/** Builds, then opens the desktop VS Code, or serves one to the browser, on the examples or another folder. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      browser: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      'no-open': { type: 'boolean', default: false },
    },
  });
  const folder = resolve(positionals[0] ?? join(root, 'examples'));
  if (!existsSync(folder)) throw new SetupError(`There is no folder ${folder}.`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new SetupError(`--port takes a number from 0 (any free port) to 65535, not ${values.port}.`);
  console.log('Building Porchlight…');
  const { code } = await runTool(['scripts/build.mjs']);
  if (code !== 0) throw new SetupError('The build failed; its own message is above.');
  const command = values.browser ? undefined : findCodeCommand();
  if (command) openDesktop(command, folder);
  else await serveEditor({ folder, port, open: !values['no-open'] });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exitCode = error instanceof SetupError ? 2 : 3;
}
