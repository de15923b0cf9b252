import { widthOf, type Viewport } from './viewport.ts';

/** A mark of the time axis; `at` in milliseconds since the epoch. */
export interface Tick {
  at: number;
  label: string;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const steps = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 30].map((count) => count * minute),
  ...[1, 2, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14].map((count) => count * day),
];

/** Marks at round times of the user's zone, at most one per `every` pixels. `offsetMs`: of the zone from UTC. */
export function ticks(view: Viewport, pixels: number, every: number, offsetMs: number): Tick[] {
  const wanted = (widthOf(view) * every) / Math.max(1, pixels);
  const step = steps.find((size) => size >= wanted) ?? steps.at(-1)!;
  const first = Math.ceil((view.from + offsetMs) / step);
  const last = Math.floor((view.to + offsetMs) / step);
  const result: Tick[] = [];
  for (let index = first; index <= last; index++) {
    const local = index * step;
    result.push({ at: local - offsetMs, label: label(local, step) });
  }
  return result;
}

/** `local`: milliseconds of the user's zone, as if they were of UTC. */
function label(local: number, step: number): string {
  const date = new Date(Math.round(local * 1000) / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  if (step >= day) return `${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  if (step >= minute) {
    const midnight = date.getUTCHours() === 0 && date.getUTCMinutes() === 0;
    return midnight ? `${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}` : clock;
  }
  const whole = `${clock}:${two(date.getUTCSeconds())}`;
  if (step >= second) return whole;
  const digits = step >= 1 ? 3 : 4;
  const part = (((local % second) + second) % second) / second;
  return `${whole}${part.toFixed(digits).slice(1)}`;
}
