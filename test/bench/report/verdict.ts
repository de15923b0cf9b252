/** A bound that a figure is to keep. */
export type Target = { atMost: number } | { atLeast: number };

/** Whether a value keeps its target, and by how much of the bound it misses it. */
export function verdict(value: number | undefined, target: Target | undefined): string {
  if (target === undefined) return '';
  if (value === undefined) return 'not measured';
  if ('atMost' in target) {
    return value <= target.atMost ? 'met' : `missed by ${percent(value / target.atMost - 1)}`;
  }
  return value >= target.atLeast ? 'met' : `missed by ${percent(1 - value / target.atLeast)}`;
}

/** The bound as a person reads it, e.g. `≤ 2.5 ×`. */
export function targetText(target: Target | undefined, unit: string): string {
  if (target === undefined) return '';
  return 'atMost' in target ? `≤ ${target.atMost} ${unit}` : `≥ ${target.atLeast} ${unit}`;
}

/** Small misses show too: nothing that is missed is missed by 0 %. */
function percent(part: number): string {
  const value = part * 100;
  return `${value >= 10 ? Math.round(value) : Math.max(0.1, Math.round(value * 10) / 10)} %`;
}
