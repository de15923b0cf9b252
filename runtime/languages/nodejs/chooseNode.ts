import type { InstalledNode } from '../../support/installedNodes.ts';

/** The oldest major our code inside instances runs on. */
export const oldestMajor = 18;

/** A Node for a function; `wanted` is what it stands in for, when it is not what was asked for. */
export interface NodeChoice {
  node: InstalledNode;
  wanted?: number | string;
}

const majorOf = ({ version }: { version: string }): number => Number.parseInt(version, 10);

/**
 * Chooses among the Nodes of a machine, which come newest first. A version that is asked for (`22`, `22.11`) takes the
 * newest that fits; without one it is the newest of those the platform offers. When there is no such Node, the nearest
 * newer one stands in, as code mostly runs on a newer one, and only then an older one.
 */
export function chooseNode(
  installed: readonly InstalledNode[],
  asked: string | undefined,
  offered: readonly string[],
): NodeChoice | undefined {
  const usable = installed.filter((node) => majorOf(node) >= oldestMajor);
  if (asked === undefined) {
    const majors = new Set(offered.map(Number));
    const node = usable.find((candidate) => majors.size === 0 || majors.has(majorOf(candidate)));
    if (node) return { node };
    const newest = Math.max(...majors);
    return standIn(usable, newest, newest);
  }
  const fits = ({ version }: InstalledNode): boolean => version === asked || version.startsWith(`${asked}.`);
  const node = usable.find(fits);
  return node ? { node } : standIn(usable, Number.parseInt(asked, 10), asked);
}

function standIn(
  usable: readonly InstalledNode[],
  major: number,
  wanted: number | string,
): NodeChoice | undefined {
  const distance = (node: InstalledNode): number => {
    const difference = majorOf(node) - major;
    // Every older one is farther than every newer one.
    return difference >= 0 ? difference : 1000 - difference;
  };
  // Sorting keeps the newest of a major in front.
  const [node] = [...usable].sort((a, b) => distance(a) - distance(b));
  return node && { node, wanted };
}
