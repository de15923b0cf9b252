import type { InstalledNode } from '../../support/installedNodes.ts';
import { chooseVersion, type VersionChoice } from '../chooseVersion.ts';

/** The oldest major our code inside instances runs on. */
export const oldestMajor = 18;

const order = { seriesOf: (version: string) => Number.parseInt(version, 10), oldest: oldestMajor };

/** Chooses among the Nodes of a machine, which come newest first: see `chooseVersion`. */
export function chooseNode(
  installed: readonly InstalledNode[],
  asked: string | undefined,
  offered: readonly string[],
): VersionChoice<InstalledNode> | undefined {
  return chooseVersion(installed, asked, offered, order);
}
