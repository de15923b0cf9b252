import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  largestZip,
  preflight,
  type PreflightFacts,
} from '../../../../runtime/deploy/aliyun-fc/preflight.ts';
import { readSettings } from '../../../../runtime/deploy/aliyun-fc/settings.ts';
import type { VerifyingEvent } from '../../../../runtime/deploy/target.ts';
import type { FunctionDefinition } from '../../../../runtime/model/functionDefinition.ts';
import { builtFile, createArchive } from '../../../../runtime/packaging/archive.ts';
import { phrase } from '../../../../runtime/support/l10n.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';

const start = { entry: 'index.js', loader: 'script', exportName: 'handler' } as const;
const archive = createArchive([builtFile('index.js', Buffer.from(''))], start, []);

const event: VerifyingEvent = { bytes: Buffer.from('{}'), trigger: 'event', expects: false, check: () => [] };
const none = { triggers: [], routes: [], left: [], provision: undefined };

function there(trigger: PreflightFacts['callers']['triggers'][number]): Partial<PreflightFacts> {
  return { callers: { triggers: [trigger], domains: new Map(), provision: undefined } };
}

const route = {
  name: 'customDomain',
  domain: 'www.example.com',
  protocol: 'HTTP,HTTPS',
  path: '/*',
  methods: [],
};

function told(
  changes: Partial<FunctionDefinition>,
  facts: Partial<PreflightFacts> = {},
  stated: Record<string, unknown> = {},
): string[] {
  const definition = functionDefinition('/p', { platform: 'aliyun-fc', runtime: 'nodejs20', ...changes });
  const item = { definition, environment: {}, runnable: true, findings: [], archive, event };
  return preflight(item, {
    settings: readSettings('prod', stated),
    remoteName: definition.name,
    zippedBytes: 100,
    adopted: false,
    directBytes: largestZip,
    desired: none,
    callers: { triggers: [], domains: new Map(), provision: undefined },
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
    'nothing of one that goes through a bucket',
    told({}, { zippedBytes: 75_000_000 }, { bucket: 'packages' }),
    undefined,
  ],
  [
    'a package that is too large at all',
    told({}, { zippedBytes: 500_000_001 }, { bucket: 'packages' }),
    /^error .*500\.0 MB.* takes 500 MB/,
  ],
  [
    'a domain whose certificate nobody has made',
    told({}, { desired: { ...none, routes: [route] } }),
    /^warning .*www\.example\.com needs a certificate/,
  ],
  [
    'too many invocations at a time for an instance',
    told({
      runtime: 'custom.debian12',
      process: { ...functionDefinition('/p', { name: 'f' }).process, concurrency: 201 },
    }),
    /^error .*201 invocations at a time; Function Compute hands them 200/,
  ],
  [
    'instances that nobody states',
    told({}, { callers: { triggers: [], domains: new Map(), provision: { target: 2 } } }),
    /^warning .*2 instances are kept/,
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
    told({}, there({ triggerName: 'old', triggerType: 'timer', qualifier: 'live' })),
    /^warning .*old there is not in the project; it stays/,
  ],
  [
    'nothing of one that a deploy made, which goes',
    told(
      {},
      there({ triggerName: 'old', triggerType: 'timer', qualifier: 'live', description: '[porchlight]' }),
    ),
    undefined,
  ],
  [
    'a trigger that is not set up, and why',
    told({}, { desired: { ...none, left: [{ name: 'web', why: phrase('lacks {what}.', { what: 'it' }) }] } }),
    /^warning .*its trigger web lacks it\.$/,
  ],
  [
    'an address that the project opens',
    told(
      {},
      {
        desired: { ...none, triggers: [{ name: 'web', type: 'http', config: { authType: 'anonymous' } }] },
      },
    ),
    /^warning .*open to everybody \(authType: anonymous\)/,
  ],
  [
    'a trigger that calls another version',
    told(
      {},
      {
        desired: { ...none, triggers: [{ name: 'web', type: 'http', config: {} }] },
        ...there({ triggerName: 'web', triggerType: 'http', qualifier: 'LATEST' }),
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
