import { systemClock } from '../../support/clock.ts';
import { distFile } from '../../support/installRoot.ts';
import { createAdapterRelay } from '../adapterRelay.ts';
import type { Language } from '../language.ts';
import { findPhp } from './findPhp.ts';

const start = distFile('php/start.php');

/** Settings that a machine's own `php.ini` must not change: instances are no terminals, and the host holds their limits. */
const settings: Record<string, string> = {
  display_errors: '0',
  log_errors: '1',
  // Standard error.
  error_log: '',
  html_errors: '0',
  output_buffering: '0',
  auto_prepend_file: '',
  auto_append_file: '',
  memory_limit: '-1',
  max_execution_time: '0',
  // As clouds document it: variables are found in `$_ENV` as well as by `getenv`.
  variables_order: 'EGPCS',
  'xdebug.mode': 'off',
};

/** PHP for the command line, from the oldest version our code inside instances runs on. */
export const php: Language = {
  id: 'php',
  findInterpreter: findPhp,
  launch: ({ path, version, env }) => ({
    command: path,
    args: [
      ...Object.entries(settings).flatMap(([name, value]) => ['-d', `${name}=${value}`]),
      // From 8.0 on a function that is disabled can be defined anew: ours tells the line that calls it.
      ...(Number.parseInt(version, 10) >= 8 ? ['-d', 'disable_functions=error_log'] : []),
      start,
      ...hostClock(process.platform),
    ],
    ...(env ? { env } : {}),
  }),
  // An instance reads what is said to it between calls only, and could not give back what waits behind one.
  handsAhead: false,
  saysOutOfMemory: (line) => /^PHP Fatal error:\s+Out of memory\b/.test(line),
  // Instances decline every debugger: Xdebug speaks a protocol of its own, which takes an extension in the editor.
  debugger: { id: 'none', createRelay: createAdapterRelay },
  bootstrapGlobs: () => [distFile('php/**'), distFile('contracts/**')],
};

/** The host's clock for instances that cannot read it: PHP's stands still while a Mac sleeps, the host's does not. */
function hostClock(platform: NodeJS.Platform): string[] {
  return platform === 'darwin' ? [`${systemClock.epochMs()}:${systemClock.nowUs()}`] : [];
}
