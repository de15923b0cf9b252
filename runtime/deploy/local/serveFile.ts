import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How to reach the serving process of a folder; kept in `.porchlight/serve.json`, readable by its owner only. */
export interface ServeFile {
  /** The folder it serves. A copy of the folder brings a copy of this file along, which leads to another's process. */
  root: string;
  pid: number;
  gateway: string;
  control: string;
  token: string;
  version: string;
  /** Value of the mark all its instances carry. */
  mark: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

function pathOf(root: string): string {
  return join(root, '.porchlight', 'serve.json');
}

/** What the file says; undefined when there is none or it is damaged. It may be of a process that is gone. */
export async function readServeFile(root: string): Promise<ServeFile | undefined> {
  try {
    const value = JSON.parse(await readFile(pathOf(root), 'utf8')) as Partial<ServeFile>;
    const { pid, startedAt, gateway, control, token, version, mark } = value;
    const texts = [gateway, control, token, version, mark].every((text) => typeof text === 'string');
    const numbers = [pid, startedAt].every((number) => Number.isSafeInteger(number));
    const own = value.root === root || value.root === (await realpath(root));
    return texts && numbers && own ? (value as ServeFile) : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the file in one step. */
export async function writeServeFile(root: string, content: ServeFile): Promise<void> {
  const file = pathOf(root);
  await mkdir(join(root, '.porchlight'), { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify(content), { mode: 0o600 });
  await rename(`${file}.${process.pid}`, file);
}

/** Removes the file if it is still the one with this token. */
export async function removeServeFile(root: string, token: string): Promise<void> {
  const current = await readServeFile(root);
  if (current?.token === token) await rm(pathOf(root), { force: true });
}
