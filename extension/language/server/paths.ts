import { fileURLToPath, pathToFileURL } from 'node:url';

/** The path of a `file:` URI, in the one spelling that paths are compared in; undefined for other schemes. */
export function toPath(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return samePath(fileURLToPath(uri));
  } catch {
    // A URI of another machine, or none: there is no file to look at.
    return undefined;
  }
}

/** The URI of an absolute path. */
export function toUri(path: string): string {
  return pathToFileURL(path).href;
}

/** Editors write drive letters either way. */
export function samePath(path: string): string {
  return path.replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
}
