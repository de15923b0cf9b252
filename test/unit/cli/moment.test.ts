import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMoment } from '../../../runtime/cli/moment.ts';

test('times as people type them', () => {
  const now = 1_800_000_000_000;
  const cases: [string, number | undefined][] = [
    ['90s', now - 90_000],
    ['15m', now - 900_000],
    ['2 h', now - 7_200_000],
    ['7d', now - 604_800_000],
    ['2026-11-23', new Date(2026, 10, 23).getTime()],
    ['2026-11-23 12:04', new Date(2026, 10, 23, 12, 4).getTime()],
    ['2026-11-23T12:04:05Z', Date.UTC(2026, 10, 23, 12, 4, 5)],
    ['2026-13-40', undefined],
    ['yesterday', undefined],
    ['15', undefined],
    ['-5m', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of cases) assert.equal(parseMoment(text, now), expected, text);
});
