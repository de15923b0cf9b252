import { execFile } from 'node:child_process';
import { cleanEnvironment } from './cleanEnvironment.ts';

/** An interpreter that does not say its version within this time cannot be used. */
const versionTimeoutMs = 5000;

/** What a program prints when asked for `--version`; undefined when it cannot be run, fails or takes too long. */
export function printedVersion(file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = {
      timeout: versionTimeoutMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 1024,
      windowsHide: true,
      env: cleanEnvironment(),
    };
    execFile(file, ['--version'], options, (error, stdout) => resolve(error ? undefined : stdout));
  });
}
