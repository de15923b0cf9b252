import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PorchlightError } from '../model/errors.ts';

/** How to reach the host of a folder; kept in `.porchlight/host.json`, readable by its owner only. */
export interface HostFile {
  /** The folder it runs for. A copy of the folder brings a copy of this file along, which leads to another's host. */
  root: string;
  pid: number;
  gateway: string;
  control: string;
  token: string;
  version: string;
  /** Value of the mark all its instances carry. */
  mark: string;
}

/** The folder of our state in a project. */
export function stateFolder(root: string): string {
  return join(root, '.porchlight');
}

/** Makes the state folder; it keeps itself out of version control. Throws STATE_FOLDER_UNUSABLE where it cannot. */
export async function ensureStateFolder(root: string): Promise<string> {
  const folder = stateFolder(root);
  try {
    await mkdir(folder, { recursive: true });
    const ignore = join(folder, '.gitignore');
    if (!existsSync(ignore)) await writeFile(ignore, '*\n');
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new PorchlightError('STATE_FOLDER_UNUSABLE', { folder, detail }, { cause: error });
  }
  return folder;
}

/** What the file says; undefined when there is none or it is damaged. It may be of a host that is gone. */
export async function readHostFile(root: string): Promise<HostFile | undefined> {
  try {
    const value = JSON.parse(
      await readFile(join(stateFolder(root), 'host.json'), 'utf8'),
    ) as Partial<HostFile>;
    const strings = [value.gateway, value.control, value.token, value.version, value.mark];
    if (typeof value.pid !== 'number' || !strings.every((text) => typeof text === 'string')) return undefined;
    if (value.root !== root && value.root !== (await realpath(root))) return undefined;
    return value as HostFile;
  } catch {
    return undefined;
  }
}

/** Replaces the file in one step, so that no reader sees half of it. */
export async function writeHostFile(root: string, content: HostFile): Promise<void> {
  const folder = await ensureStateFolder(root);
  const temporary = join(folder, `host.json.${process.pid}`);
  await writeFile(temporary, JSON.stringify(content), { mode: 0o600 });
  await rename(temporary, join(folder, 'host.json'));
}

/** Removes the file if it is still the one of this host. */
export async function removeHostFile(root: string, token: string): Promise<void> {
  const current = await readHostFile(root);
  if (current?.token === token) await rm(join(stateFolder(root), 'host.json'), { force: true });
}
