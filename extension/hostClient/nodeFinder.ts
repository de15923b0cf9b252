import { PorchlightError } from '../../runtime/model/errors.ts';
import {
  compareVersions,
  nodePlaces,
  parseVersion,
  type PlacesSystem,
} from '../../runtime/support/nodePlaces.ts';
import { phrase } from '../../runtime/support/l10n.ts';

/** The oldest Node the runtime host runs on. */
export const minimumNode = [20, 19, 0] as const;

/** A Node that can run the host. */
export interface FoundNode {
  path: string;
  version: string;
  /** `editor`: none of the user's was found, so the editor's own program is used. */
  origin: 'setting' | 'found' | 'editor';
  /** What to add to the environment of the process. */
  env: Record<string, string>;
}

/** What the search needs; tests pass a fake. */
export interface FinderSystem extends PlacesSystem {
  exists(file: string): boolean;
  /** What `node --version` prints; undefined when it cannot be run. */
  versionOf(file: string): Promise<string | undefined>;
  /** The editor's own program and the version of Node in it. */
  editor: { path: string; version: string };
}

function isSuitable(version: string): boolean {
  const parsed = parseVersion(version);
  return parsed !== undefined && compareVersions(parsed, minimumNode) >= 0;
}

/** The Node the user chose in the settings: it is that one or none, since functions may depend on it. */
async function chosenNode(setting: string, system: FinderSystem): Promise<FoundNode> {
  const path = setting.replace(/^~(?=[/\\]|$)/, system.home);
  const version = await system.versionOf(path);
  const minimum = minimumNode.join('.');
  if (version === undefined) {
    throw new PorchlightError('NODE_UNSUITABLE', {
      detail: phrase('The setting porchlight.nodePath names {path}, which cannot be run as Node.js.', {
        path,
      }),
      minimum,
    });
  }
  if (!isSuitable(version)) {
    throw new PorchlightError('NODE_UNSUITABLE', {
      detail: phrase('The setting porchlight.nodePath names {path}, which is Node.js {version}.', {
        path,
        version,
      }),
      minimum,
    });
  }
  return { path, version, origin: 'setting', env: {} };
}

/**
 * Finds the Node that runs the host and, by default, the functions: the setting, the PATH, the usual places, version
 * managers; failing these, the editor's own. Rejects with `NODE_UNSUITABLE`.
 */
export async function findNode(setting: string, system: FinderSystem): Promise<FoundNode> {
  if (setting.trim() !== '') return chosenNode(setting.trim(), system);
  for (const path of nodePlaces(system)) {
    if (!system.exists(path)) continue;
    const version = await system.versionOf(path);
    if (version !== undefined && isSuitable(version)) return { path, version, origin: 'found', env: {} };
  }
  const { path, version } = system.editor;
  if (isSuitable(version)) return { path, version, origin: 'editor', env: { ELECTRON_RUN_AS_NODE: '1' } };
  throw new PorchlightError('NODE_UNSUITABLE', {
    detail: phrase(
      'No suitable Node.js was found on the PATH, in the usual places or with a version manager.',
    ),
    minimum: minimumNode.join('.'),
  });
}
