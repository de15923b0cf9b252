import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { distFile } from '../../support/installRoot.ts';
import type { ArchiveStart } from '../../packaging/archive.ts';
import type { HandlerStart } from './imageRequest.ts';

/** Folder of a container in which the function's code lies; it is also where its process works. */
export const codeFolder = '/app';
/** Folder of our server. */
const serverFolder = '/porchlight';

/** A file of an image whose bytes are at hand. `path` is relative to the image's root. */
export interface BuiltFile {
  path: string;
  data: Uint8Array;
}

/** Our server for a language, with the contract of a platform: what changes with our own versions alone. */
export async function serverFiles({ language, platform }: HandlerStart): Promise<BuiltFile[]> {
  const at = (name: string) => `${serverFolder.slice(1)}/${name}`;
  const file = async (path: string, built: string): Promise<BuiltFile> => ({
    path: at(path),
    data: await readFile(distFile(built)),
  });
  const contract = contractFile(language, platform);
  if (language === 'nodejs')
    return Promise.all([file('server.cjs', 'container.nodejs.cjs'), file(contract, contract)]);
  const modules = (await readdir(distFile('python/porchlight_bootstrap'))).filter((name) =>
    name.endsWith('.py'),
  );
  return Promise.all([
    file('server.py', 'python/container.py'),
    ...modules.map((name) => file(`porchlight_bootstrap/${name}`, `python/porchlight_bootstrap/${name}`)),
    file(contract, contract),
  ]);
}

/** What is told to the server of a function. */
export function startFile(start: HandlerStart, code: ArchiveStart, port: number): BuiltFile {
  const inside = (path: string): string => `${codeFolder}/${path}`;
  const hook = (named: ArchiveStart['initializer']) => named && { ...named, entry: inside(named.entry) };
  const { handler, lifetime, concurrency, timeoutMs, watchdog, checkPaths, portVariables } = start;
  const told = {
    contract: contractFile(start.language, start.platform),
    entry: inside(code.entry),
    loader: code.loader,
    exportName: code.exportName,
    handler,
    initializer: hook(code.initializer),
    preStop: hook(code.preStop),
    lifetime: { ...lifetime, codeRoot: codeFolder },
    concurrency,
    timeoutMs,
    watchdog,
    checkPaths,
    portVariables,
    port,
  };
  return {
    path: `${serverFolder.slice(1)}/start.json`,
    data: Buffer.from(`${JSON.stringify(told, null, 1)}\n`),
  };
}

/** The command of such a container. */
export function serverCommand(language: HandlerStart['language']): string[] {
  return language === 'nodejs'
    ? ['node', '--enable-source-maps', `${serverFolder}/server.cjs`]
    : ['python3', '-u', `${serverFolder}/server.py`];
}

/** What tells one state of our server's files from another. */
export function filesHash(files: readonly BuiltFile[]): string {
  const hash = createHash('sha256');
  for (const { path, data } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1)))
    hash.update(`${path} ${createHash('sha256').update(data).digest('hex')}\n`);
  return hash.digest('hex');
}

function contractFile(language: HandlerStart['language'], platform: string): string {
  return language === 'nodejs'
    ? `contracts/${platform}.nodejs.cjs`
    : `contracts/${platform}.python.contract.py`;
}
