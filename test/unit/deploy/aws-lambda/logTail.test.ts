import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readTail } from '../../../../runtime/deploy/aws-lambda/logTail.ts';

const metrics = { durationMs: 12.3, billedDurationMs: 13, memorySizeMB: 128, maxMemoryUsedMB: 65 };
const json = (more: object) =>
  `ut off","type":"platform.report"}\n{"time":"2024-01-01T00:00:00Z","type":"platform.report","record":{"requestId":"r","metrics":${JSON.stringify({ ...metrics, ...more })},"status":"success"}}\n`;
const text =
  'END RequestId: r\nREPORT RequestId: r\tDuration: 12.3 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\t';

const warm = { startKind: 'warm', durationMs: 12.3, billedMs: 13, memoryMB: 128 };
const inJson = { ...warm, maxMemoryMB: 65 };

for (const [title, log, expected] of [
  ['a warm call', text, warm],
  ['a cold call', `${text}Init Duration: 165.1 ms\t\n`, { ...warm, startKind: 'cold', initMs: 165.1 }],
  [
    'a restored environment',
    `${text}Restore Duration: 90 ms\tBilled Restore Duration: 10 ms\t`,
    { ...warm, startKind: 'cold', initMs: 90 },
  ],
  ['a warm call of a log in JSON', json({}), inJson],
  [
    'a cold call of a log in JSON',
    json({ initDurationMs: 165.1 }),
    { ...inJson, startKind: 'cold', initMs: 165.1 },
  ],
  ['a log that ends before', 'START RequestId: r', undefined],
] as const)
  it(`reads the report of ${title}`, () => assert.deepEqual(readTail(log), expected));
