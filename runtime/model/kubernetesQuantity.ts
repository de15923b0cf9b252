/** An amount as Kubernetes writes it, e.g. `128Mi`, `0.5`, `1e3`, `100m`. */
export const quantityPattern = /^\+?(\d+\.?\d*|\.\d+)(m|k|[MGTPE]|[KMGTPE]i|[eE][+-]?\d{1,2})?$/;

const decimal: Record<string, number> = { m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** The number an amount stands for; undefined when it is none (Kubernetes API, "Quantity"). */
export function parseQuantity(value: string | number): number | undefined {
  const match = quantityPattern.exec(String(value).trim());
  if (!match) return undefined;
  const [, digits, unit = ''] = match;
  const power = binary.indexOf(unit);
  if (power >= 0) return Number(digits) * 1024 ** (power + 1);
  if (/^[eE][+-]?\d/.test(unit)) return Number(`${digits}${unit}`);
  return Number(digits) * (decimal[unit] ?? 1);
}

/** Megabytes of an amount of bytes, as memory is counted here; undefined when it is none. */
export function quantityMB(value: string | number): number | undefined {
  const bytes = parseQuantity(value);
  return bytes === undefined ? undefined : Math.floor(bytes / 1024 ** 2);
}
