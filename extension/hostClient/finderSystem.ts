import { existsSync } from 'node:fs';
import { realPlacesSystem, versionOfNode } from '../../runtime/support/nodeSystem.ts';
import type { FinderSystem } from './nodeFinder.ts';

/** The real system. */
export function realFinderSystem(): FinderSystem {
  return {
    ...realPlacesSystem(),
    exists: existsSync,
    versionOf: versionOfNode,
    editor: { path: process.execPath, version: process.versions.node },
  };
}
