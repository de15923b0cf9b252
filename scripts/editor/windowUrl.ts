import { pathToFileURL } from 'node:url';

/** Address of a window of the served editor on a folder or `.code-workspace` file. */
export function windowUrl(server: string, folder: string): string {
  const kind = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  return `${server}/?${kind}=${pathToFileURL(folder).pathname}`;
}
