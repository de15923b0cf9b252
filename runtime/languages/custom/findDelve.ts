import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { homedir } from 'node:os';

const windows = process.platform === 'win32';

/** Go's debugger: on the PATH, or where `go install` puts it. */
export function findDelve(env: NodeJS.ProcessEnv = process.env, home = homedir()): string | undefined {
  const path = env['PATH'] ?? env['Path'] ?? '';
  const goPath = env['GOPATH']?.split(delimiter)[0] || join(home, 'go');
  const folders = [...path.split(delimiter), env['GOBIN'] ?? '', join(goPath, 'bin')];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, windows ? 'dlv.exe' : 'dlv'))
    .find((file) => existsSync(file));
}

/** What a person types to have it. */
export function howToInstallDelve(platform: NodeJS.Platform = process.platform): string {
  return platform === 'darwin' ? 'brew install delve' : 'go install github.com/go-delve/delve/cmd/dlv@latest';
}
