const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3600_000, d: 24 * 3600_000 };

/**
 * A time as people type it, in milliseconds since the epoch: a span back from now (`90s`, `15m`, `2h`, `7d`), or a date
 * with or without a time (`2026-11-23`, `2026-11-23T12:04`, `2026-11-23 12:04:05`), in the user's zone unless it names
 * one. Undefined when it is neither.
 */
export function parseMoment(text: string, now: number): number | undefined {
  const [, amount, unit] = /^(\d{1,9})\s?([smhd])$/.exec(text) ?? [];
  if (amount !== undefined) return now - Number(amount) * unitMs[unit!]!;
  if (!/^\d{4}-\d{2}-\d{2}([T ]|$)/.test(text)) return undefined;
  // A date alone would be read as midnight in Greenwich.
  const time = Date.parse(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'));
  return Number.isNaN(time) ? undefined : time;
}
