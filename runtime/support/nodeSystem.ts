import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { parseVersion, type PlacesSystem } from './nodePlaces.ts';

/** A Node that does not say its version within this time cannot be used. */
const versionTimeoutMs = 5000;

/** The environment for Node processes of ours: without what an editor or a debugger put there for theirs. */
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

/** What `node --version` prints, without its `v`; undefined when the file cannot be run or is no Node. */
export function versionOfNode(file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = {
      timeout: versionTimeoutMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 1024,
      windowsHide: true,
      env: cleanEnvironment(),
    };
    execFile(file, ['--version'], options, (error, stdout) => {
      resolve(!error && parseVersion(stdout) ? stdout.trim().replace(/^v/, '') : undefined);
    });
  });
}

/** Where programs may lie on this machine. */
export function realPlacesSystem(): PlacesSystem {
  return { platform: process.platform, env: process.env, home: homedir(), list: listFolder };
}
