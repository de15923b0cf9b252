const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration as Go writes it (`1m30s`, `500ms`), or of whole seconds; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const given = text.trim();
  if (/^\d+$/.test(given)) return Number(given) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(given)) return undefined;
  let sum = 0;
  for (const [, number, unit] of given.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    sum += Number(number) * units[unit!]!;
  return Math.round(sum);
}
