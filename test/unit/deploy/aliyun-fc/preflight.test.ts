import assert from 'node:assert/strict';
import { it } from 'node:test';
import { preflight, type PreflightFacts } from '../../../../runtime/deploy/aliyun-fc/preflight.ts';
import { readSettings } from '../../../../runtime/deploy/aliyun-fc/settings.ts';
import type { FunctionDefinition } from '../../../../runtime/model/functionDefinition.ts';
import { builtFile, createArchive } from '../../../../runtime/packaging/archive.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';

const start = { entry: 'index.js', loader: 'script', exportName: 'handler' } as const;
const archive = createArchive([builtFile('index.js', Buffer.from(''))], start, []);

function told(
  changes: Partial<FunctionDefinition>,
  facts: Partial<PreflightFacts> = {},
  stated: Record<string, unknown> = {},
): string[] {
  const definition = functionDefinition('/p', { platform: 'aliyun-fc', runtime: 'nodejs20', ...changes });
  const item = { definition, environment: {}, runnable: true, findings: [], archive };
  return preflight(item, {
    settings: readSettings('prod', stated),
    remoteName: definition.name,
    zippedBytes: 100,
    adopted: false,
    desired: { triggers: [], left: [] },
    triggers: [],
    ...facts,
  }).map(({ severity, message }) => `${severity} ${message}`);
}

const cases: [string, string[], RegExp | undefined][] = [
  ['nothing of what fits', told({}), undefined],
  ['a name', told({}, { remoteName: '1-hello' }), /^error .*"1-hello" as a name/],
  [
    'a package that no request takes',
    told({}, { zippedBytes: 75_000_000 }),
    /^error .*75\.0 MB.* takes 74 MB/,
  ],
  [
    'processors that do not go with the memory',
    told({ memoryMB: 128 }, {}, { cpu: 1 }),
    /^error .*1 to 4 GB/,
  ],
  ['a function of somebody else', told({}, { adopted: true }), /^warning .*without the alias "live"/],
  [
    'an endpoint without encryption',
    told({}, {}, { endpoint: 'http://fc.example' }),
    /^warning .*without encryption/,
  ],
  ['none on this machine', told({}, {}, { endpoint: 'http://127.0.0.1:9000' }), undefined],
  [
    'a trigger that nobody states any more',
    told({}, { triggers: [{ triggerName: 'old', triggerType: 'timer', qualifier: 'live' }] }),
    /^warning .*old there is not in the project; it stays/,
  ],
  [
    'a trigger that calls another version',
    told(
      {},
      {
        desired: { triggers: [{ name: 'web', type: 'http', config: {} }], left: [] },
        triggers: [{ triggerName: 'web', triggerType: 'http', qualifier: 'LATEST' }],
      },
    ),
    /^warning .*web calls LATEST there; it is moved to the alias "live"/,
  ],
];
for (const [title, found, expected] of cases) {
  it(`tells before a deploy of ${title}`, () => {
    assert.equal(found.length, expected ? 1 : 0, found.join());
    if (expected) assert.match(found[0]!, expected);
  });
}
