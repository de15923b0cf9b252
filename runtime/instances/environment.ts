/*
 * Instances get what their function's configuration gives them, not the developer's shell. What is passed on is what
 * an operating system needs to start a program at all. A platform's own variables, `TZ` and `LANG` among them, go over it;
 * `LC_ALL` would beat the latter, so it stays behind.
 */

const passedOn = ['PATH', 'TZ', 'LANG', 'HOME', 'TMPDIR'];
const passedOnWindows = [
  'Path',
  'SystemRoot',
  'SystemDrive',
  'windir',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'PATHEXT',
  'ComSpec',
];

/** Marks every process of a host, and what these start, so that none can be left over. */
export const markVariable = 'PORCHLIGHT_HOST_MARK';

/** The environment every instance starts from. */
export function baseEnvironment(
  own: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const names = platform === 'win32' ? passedOnWindows : passedOn;
  const base: Record<string, string> = {};
  for (const name of names) {
    const value = own[name];
    if (value !== undefined) base[name] = value;
  }
  return base;
}
