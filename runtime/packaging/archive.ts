import { createHash } from 'node:crypto';
import type { PreflightFinding } from '../model/deploy.ts';
import type { DevArtifact } from './artifact.ts';

/** One file of an archive. `path` is relative, with forward slashes. */
export interface ArchiveFile {
  path: string;
  bytes: number;
  /** Of the content, hex. */
  sha256: string;
  executable: boolean;
  /** A file on disk, or bytes that were built. */
  content: { file: string } | { data: Uint8Array };
}

/** How an instance starts the code of an archive: as a `DevArtifact` says it, with `entry` paths inside the archive. */
export type ArchiveStart = Pick<
  DevArtifact,
  'entry' | 'loader' | 'exportName' | 'initializer' | 'preFreeze' | 'preStop'
> & {
  /** It is a program: `entry` is a file of the archive, or a name that is looked up where it runs. */
  program?: 'packed' | 'named';
};

/** What is sent for one function: its deploy artifact, content-addressed. */
export interface Archive {
  /** SHA-256 over paths and contents, hex. */
  hash: string;
  bytes: number;
  files: ArchiveFile[];
  start: ArchiveStart;
  /** What the user should know about the content before it is sent. */
  findings: PreflightFinding[];
}

/** Bounds of one archive: beyond them something is packed that was not meant. */
export const archiveLimits = { files: 50_000, bytes: 512 * 1024 * 1024 } as const;

/** The digest by which contents are told apart. */
export function contentHash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A file whose bytes were built. */
export function builtFile(path: string, data: Uint8Array): ArchiveFile {
  return { path, bytes: data.byteLength, sha256: contentHash(data), executable: false, content: { data } };
}

/** Joins files to an archive. The hash depends on content alone: neither on times nor on where the files lie. */
export function createArchive(
  files: ArchiveFile[],
  start: ArchiveStart,
  findings: PreflightFinding[],
): Archive {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const sorted = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash('sha256');
  for (const { path, sha256, executable } of sorted)
    hash.update(`${sha256} ${executable ? 'x' : '-'} ${path}\n`);
  // How it is started is a part of what was verified.
  hash.update(JSON.stringify(start));
  return {
    hash: hash.digest('hex'),
    bytes: sorted.reduce((sum, { bytes }) => sum + bytes, 0),
    files: sorted,
    start,
    findings,
  };
}
