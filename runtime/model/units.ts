/** Durations as people write them: a number with a unit. */
export const durationPattern = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)\s*$/;
/** Sizes as people write them; units are binary, as the clouds count memory. */
export const sizePattern = /^\s*(\d+(?:\.\d+)?)\s*(MB|MiB|M|GB|GiB|G)\s*$/i;

const durationUnits: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** Milliseconds of `100ms`, `300s`, `5m`, `1h`; a bare number is seconds, as in the clouds' files. Undefined otherwise. */
export function parseDuration(value: string | number): number | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) && value >= 0 ? value * 1000 : undefined;
  }
  const match = durationPattern.exec(value);
  return match ? Math.round(Number(match[1]) * durationUnits[match[2]!]!) : undefined;
}

/** Megabytes of `512MB`, `1GB`; a bare number is megabytes. Undefined otherwise. */
export function parseSize(value: string | number): number | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) && value > 0 ? value : undefined;
  }
  const match = sizePattern.exec(value);
  return match ? Number(match[1]) * (match[2]!.toUpperCase().startsWith('G') ? 1024 : 1) : undefined;
}

/** Milliseconds for people: more digits where they matter. */
export function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
