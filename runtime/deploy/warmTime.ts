import type { Verification } from './target.ts';

/**
 * Invokes a version that nobody is sent to yet, so that it starts cold. What answered is invoked once more: that call is
 * only measured, and whatever else comes of it decides nothing. `isWarm`: whether it met the instance of the first.
 */
export async function withWarmTime(
  invoke: () => Promise<Verification>,
  isWarm: (second: Verification) => boolean = () => true,
): Promise<Verification> {
  const first = await invoke();
  if (first.status !== 'ok') return first;
  const second = await invoke().catch(() => undefined);
  return second?.status === 'ok' && isWarm(second) ? { ...first, warmMs: second.durationMs } : first;
}
