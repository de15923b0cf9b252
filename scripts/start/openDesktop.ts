import { spawnSync } from 'node:child_process';
import { plainEnvironment, root, SetupError } from '../setup.mjs';

/** Opens a window of the desktop VS Code with the extension of this clone; the command returns at once. */
export function openDesktop(command: string, folder: string): void {
  const windows = process.platform === 'win32';
  const quoted = (text: string) => (windows ? `"${text}"` : text);
  const args = [`--extensionDevelopmentPath=${root}`, '--new-window', folder].map(quoted);
  // Windows starts .cmd files only through a shell.
  const run = spawnSync(quoted(command), args, { env: plainEnvironment(), stdio: 'inherit', shell: windows });
  if (run.status !== 0)
    throw new SetupError(
      `${command} did not start. Try \`npm start -- --browser\` for an editor in the browser.`,
    );
  console.log(`Porchlight is loaded in a new VS Code window on ${folder}.`);
  console.log('After a change of its code: npm run build, then "Developer: Reload Window" there.');
}
