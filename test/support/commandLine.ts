import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { distFile } from '../../runtime/support/installRoot.ts';

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built command line in a folder and waits for its end. */
export async function porchlight(cwd: string, args: string[], input = ''): Promise<CommandResult> {
  const child = startPorchlight(cwd, args);
  child.stdin!.end(input);
  return ended(child);
}

/** Starts the built command line in a folder; the test ends it. */
export function startPorchlight(
  cwd: string,
  args: string[],
  variables: Record<string, string> = {},
): ChildProcess {
  const env = { ...process.env, NO_COLOR: '1', ...variables };
  return spawn(process.execPath, [distFile('porchlight.cjs'), ...args], { cwd, env, stdio: 'pipe' });
}

/** Collects what a process writes until it ends. */
export async function ended(child: ChildProcess): Promise<CommandResult> {
  const result = { code: null, stdout: '', stderr: '' } as CommandResult;
  child.stdout!.on('data', (chunk: Buffer) => (result.stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
  [result.code] = (await once(child, 'close')) as [number | null];
  return result;
}

/** The first line a process writes to stdout. */
export async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    text += (chunk as Buffer).toString();
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error(`It ended without a line: ${text}`);
}

/** Resolves once a process has written a text to stdout. */
export function said(child: ChildProcess, text: string | RegExp): Promise<void> {
  let seen = '';
  return new Promise((resolve) => {
    const listen = (chunk: Buffer): void => {
      seen += chunk.toString();
      if (typeof text === 'string' ? !seen.includes(text) : !text.test(seen)) return;
      child.stdout!.off('data', listen);
      resolve();
    };
    child.stdout!.on('data', listen);
  });
}
