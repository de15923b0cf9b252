import { pathToFileURL } from 'node:url';
import type { LauncherArguments } from './launcherArguments.ts';

/**
 * Address of a workbench that runs extension tests. The payload is what the editor's own integration tests use
 * (microsoft/vscode test/integration/browser); it is heeded only by a server with `enable-smoke-test-driver`.
 */
export function workbenchUrl(server: string, args: LauncherArguments): string {
  const remote = (path: string) => `vscode-remote://${new URL(server).host}${pathToFileURL(path).pathname}`;
  const payload = [
    ...args.extensionDevelopmentPaths.map((path) => ['extensionDevelopmentPath', remote(path)]),
    ['extensionTestsPath', remote(args.extensionTestsPath)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  const query = new URLSearchParams();
  if (args.workspace) {
    const kind = args.workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
    query.set(kind, decodeURIComponent(pathToFileURL(args.workspace).pathname));
  } else {
    query.set('ew', 'true');
  }
  query.set('payload', JSON.stringify(payload));
  return `${server}/?${query}`;
}
