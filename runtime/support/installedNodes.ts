import { basename } from 'node:path';
import { InstalledPrograms, newestFirst, programAt, type ProgramFile } from './installedPrograms.ts';
import { nodePlaces, type PlacesSystem } from './nodePlaces.ts';
import { realPlacesSystem, versionOfNode } from './nodeSystem.ts';

/** A Node.js of this machine. */
export interface InstalledNode {
  /** Links are followed, so that a version manager's switch does not change what runs. */
  path: string;
  version: string;
  /** What its processes need in their environment to be Node at all. */
  env?: Record<string, string>;
}

/** What finding Nodes needs of the system; tests pass a fake. */
export interface InstalledSystem extends PlacesSystem {
  /** The Node of this process; `editor`: it is the program of an editor. */
  own: { path: string; version: string; editor: boolean };
  /** Undefined when there is no such file. */
  programAt(file: string): Promise<ProgramFile | undefined>;
  versionOf(file: string): Promise<string | undefined>;
}

/** Finds the Nodes of this machine. Each is asked for its version once; the answers are kept in a file between runs. */
export class InstalledNodes {
  readonly #system: InstalledSystem;
  readonly #programs: InstalledPrograms;

  constructor(system: InstalledSystem = realInstalledSystem()) {
    this.#system = system;
    const { own } = system;
    this.#programs = new InstalledPrograms({
      places: () => nodePlaces(system).filter((path) => !isShim(path)),
      isOne: (path) => path !== own.path && /^node(js)?(\.exe)?$/i.test(nameOf(path)),
      programAt: (file) => system.programAt(file),
      versionOf: (file) => system.versionOf(file),
    });
  }

  /** What is installed now, newest first; never empty. `cacheFile` keeps the answers. */
  async list(cacheFile?: string): Promise<InstalledNode[]> {
    const { own } = this.#system;
    const found: InstalledNode[] = await this.#programs.list(cacheFile);
    if (!own.editor) found.push({ path: own.path, version: own.version });
    // An editor's program is Node with another cryptography and other flags: good enough when there is nothing else.
    else if (found.length === 0) {
      found.push({ path: own.path, version: own.version, env: { ELECTRON_RUN_AS_NODE: '1' } });
    }
    return newestFirst(found);
  }
}

function nameOf(path: string): string {
  return basename(path.replaceAll('\\', '/'));
}

/** A manager's stand-in that decides by the current folder which Node it runs: what it chooses from is listed itself. */
function isShim(path: string): boolean {
  return /[\\/]shims[\\/][^\\/]+$/.test(path) || /[\\/]volta[\\/]node\.exe$/i.test(path);
}

function realInstalledSystem(): InstalledSystem {
  return {
    ...realPlacesSystem(),
    own: {
      path: process.execPath,
      version: process.versions.node,
      editor: process.versions['electron'] !== undefined,
    },
    programAt,
    versionOf: versionOfNode,
  };
}
