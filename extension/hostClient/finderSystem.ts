import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { parseVersion } from './nodePlaces.ts';
import type { FinderSystem } from './nodeFinder.ts';

const versionTimeoutMs = 5000;

/** The environment for Node processes of ours: without what the editor or a debugger put there for theirs. */
export function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const unwanted = /^(ELECTRON_.*|VSCODE_.*|NODE_OPTIONS|NODE_CHANNEL_FD)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !unwanted.test(name)));
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Most version managers are not installed.
    return [];
  }
}

function versionOf(file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: versionTimeoutMs, windowsHide: true, env: cleanEnvironment() };
    execFile(file, ['--version'], options, (error, stdout) => {
      resolve(!error && parseVersion(stdout) ? stdout.trim().replace(/^v/, '') : undefined);
    });
  });
}

/** The real system. */
export function realFinderSystem(): FinderSystem {
  return {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    list: listFolder,
    exists: existsSync,
    versionOf,
    editor: { path: process.execPath, version: process.versions.node },
  };
}
