/** A version for a function; `wanted` is what it stands in for, when it is not what was asked for. */
export interface VersionChoice<T> {
  chosen: T;
  wanted?: string;
}

/** What versions of one language are chosen by. */
export interface VersionOrder {
  /** A number that grows with the series: versions of one series stand in for each other. `22.11` and `22` are of one. */
  seriesOf(version: string): number;
  /** The oldest series that can be used. */
  oldest: number;
}

/**
 * Chooses among the versions of a machine, which come newest first. One that is asked for (`22`, `22.11`) takes the
 * newest that fits; without one it is the newest of those the platform offers. When there is no such version, the
 * nearest newer series stands in, as code mostly runs on a newer one, and only then an older one.
 */
export function chooseVersion<T extends { version: string }>(
  installed: readonly T[],
  asked: string | undefined,
  offered: readonly string[],
  { seriesOf, oldest }: VersionOrder,
): VersionChoice<T> | undefined {
  const usable = installed.filter(({ version }) => seriesOf(version) >= oldest);
  if (asked === undefined) {
    const series = new Set(offered.map(seriesOf));
    const fitting = usable.find(({ version }) => series.size === 0 || series.has(seriesOf(version)));
    if (fitting) return { chosen: fitting };
    const newest = [...offered].sort((a, b) => seriesOf(b) - seriesOf(a))[0]!;
    return standIn(usable, newest, seriesOf);
  }
  const fits = ({ version }: T): boolean => version === asked || version.startsWith(`${asked}.`);
  const fitting = usable.find(fits);
  return fitting ? { chosen: fitting } : standIn(usable, asked, seriesOf);
}

function standIn<T extends { version: string }>(
  usable: readonly T[],
  wanted: string,
  seriesOf: (version: string) => number,
): VersionChoice<T> | undefined {
  const distance = ({ version }: T): number => {
    const difference = seriesOf(version) - seriesOf(wanted);
    // Every older one is farther than every newer one.
    return difference >= 0 ? difference : 1_000_000 - difference;
  };
  // Sorting keeps the newest of a series in front.
  const [chosen] = [...usable].sort((a, b) => distance(a) - distance(b));
  return chosen && { chosen, wanted };
}
