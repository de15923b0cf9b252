import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageOfRuntime } from '../../../runtime/model/platformDefaults.ts';
import { parseDuration, parseSize } from '../../../runtime/model/units.ts';

const durations: [text: string | number, ms: number | undefined][] = [
  ['300s', 300_000],
  ['5m', 300_000],
  ['5 min', 300_000],
  ['100ms', 100],
  ['1.5s', 1500],
  ['1h', 3_600_000],
  [60, 60_000],
  ['60', undefined],
  ['-1s', undefined],
  ['s', undefined],
  ['1d', undefined],
  [Number.NaN, undefined],
];
for (const [text, ms] of durations) {
  test(`duration ${text}`, () => assert.equal(parseDuration(text), ms));
}

const sizes: [text: string | number, megabytes: number | undefined][] = [
  ['512MB', 512],
  ['1GB', 1024],
  ['0.5 GiB', 512],
  ['128m', 128],
  [256, 256],
  ['lots', undefined],
  ['512', undefined],
  [0, undefined],
];
for (const [text, megabytes] of sizes) {
  test(`size ${text}`, () => assert.equal(parseSize(text), megabytes));
}

const runtimes: [runtime: string, language: string][] = [
  ['nodejs20', 'nodejs'],
  ['nodejs22.x', 'nodejs'],
  ['python3.10', 'python'],
  ['php7.2', 'php'],
  ['php8.1', 'php'],
  ['go1', 'go'],
  ['go1.x', 'custom'],
  ['dotnetcore3.1', 'dotnetcore'],
  ['custom.debian10', 'custom'],
  ['custom-container', 'container'],
  ['provided.al2023', 'custom'],
  ['???', 'custom'],
];
for (const [runtime, language] of runtimes) {
  test(`runtime ${runtime} is ${language}`, () => assert.equal(languageOfRuntime(runtime), language));
}
