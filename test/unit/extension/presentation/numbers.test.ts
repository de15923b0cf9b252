import assert from 'node:assert/strict';
import test from 'node:test';
import {
  formatBytes,
  formatCountdown,
  formatMs,
  formatSpan,
} from '../../../../extension/presentation/numbers.ts';

const cases: [format: (value: number) => string, value: number, expected: string][] = [
  [formatMs, 0, '0.0 ms'],
  [formatMs, 0.84, '0.8 ms'],
  [formatMs, 9.96, '10 ms'],
  [formatMs, 84.4, '84 ms'],
  [formatMs, 999.6, '1.00 s'],
  [formatMs, 12_345, '12.3 s'],
  [formatMs, 125_000, '2 min 5 s'],
  [formatSpan, 300_000, '5 min'],
  [formatSpan, 3_780_000, '1 h 3 min'],
  [formatSpan, 187_200_000, '2 d 4 h'],
  [formatCountdown, 251_200, '4:12'],
  [formatCountdown, -5, '0:00'],
  [formatCountdown, 3_723_000, '1:02:03'],
  [formatBytes, 24, '24 B'],
  [formatBytes, 1536, '1.5 KB'],
  [formatBytes, 12 * 1024 * 1024, '12 MB'],
];

for (const [format, value, expected] of cases) {
  test(`${format.name} ${value} is ${expected}`, () => assert.equal(format(value), expected));
}
