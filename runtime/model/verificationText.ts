import type { DeployVerification } from './deploy.ts';
import { milliseconds } from './units.ts';

/** How a new version answered, beside how it did here. */
export function verificationText({
  status,
  event,
  startKind,
  durationMs,
  warmMs,
  here,
}: DeployVerification): string {
  const beside = (ms: number | undefined): string => (ms === undefined ? '' : ` (here ${milliseconds(ms)})`);
  const parts = [
    `answered${event === undefined ? '' : ` "${event}"`}: ${status}`,
    `${startKind ?? 'first'} ${milliseconds(durationMs)}${beside(here?.durationMs)}`,
    ...(warmMs === undefined ? [] : [`warm ${milliseconds(warmMs)}${beside(here?.warmMs)}`]),
    ...(here?.sameResult === undefined
      ? []
      : [here.sameResult ? 'same result as here' : 'another result than here']),
  ];
  return parts.join(', ');
}
