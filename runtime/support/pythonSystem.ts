import { execFile } from 'node:child_process';
import { cleanEnvironment } from './nodeSystem.ts';

/** A Python that does not say its version within this time cannot be used. */
const versionTimeoutMs = 5000;

/** What `python --version` prints, without its name; undefined when the file cannot be run or is no Python 3. */
export function versionOfPython(file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = {
      timeout: versionTimeoutMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 1024,
      windowsHide: true,
      env: cleanEnvironment(),
    };
    execFile(file, ['--version'], options, (error, stdout) => {
      resolve(error ? undefined : /^Python (3\.\d+\.\d+)/.exec(stdout)?.[1]);
    });
  });
}
