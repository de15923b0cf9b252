import { readFile } from 'node:fs/promises';
import { PorchlightError } from '../../model/errors.ts';
import { contentHash, type ArchiveFile } from '../../packaging/archive.ts';
import type { ImageRequest } from './imageRequest.ts';
import { packLayer, type Layer } from './layer.ts';
import { codeFolder, serverFiles, startFile, type BuiltFile } from './startFiles.ts';
import type { TarFile } from './tar.ts';

/**
 * The layers of a function, those first that change least: our server, the packages, the code. What stays the same is not sent
 * again.
 */
export async function imageLayers(request: ImageRequest, signal: AbortSignal): Promise<Layer[]> {
  const { archive, start, port } = request;
  const isPackage = ({ path }: ArchiveFile): boolean => path.startsWith('node_modules/');
  const packages = archive.files.filter(isPackage).map(archived);
  const code = archive.files.filter((file) => !isPackage(file)).map(archived);
  const server = start.kind === 'handler' ? (await serverFiles(start)).map(built) : [];
  const told = start.kind === 'handler' ? [built(startFile(start, archive.start, port))] : [];
  const parts: [title: string, files: TarFile[]][] = [
    ['server', server],
    ['packages', packages],
    ['function', [...code, ...told]],
  ];
  const layers: Layer[] = [];
  // One after the other: each takes its memory.
  for (const [title, files] of parts)
    if (files.length > 0) layers.push(await packLayer(title, files, signal));
  return layers;
}

function built({ path, data }: BuiltFile): TarFile {
  return { path, bytes: data.byteLength, executable: false, read: () => Promise.resolve(data) };
}

function archived({ path, bytes, executable, content, sha256 }: ArchiveFile): TarFile {
  return {
    path: `${codeFolder.slice(1)}/${path}`,
    bytes,
    executable,
    read: async () => {
      const data = 'data' in content ? content.data : await readFile(content.file);
      // What was planned is what goes.
      if (contentHash(data) !== sha256) throw new PorchlightError('PLAN_UNKNOWN');
      return data;
    },
  };
}
