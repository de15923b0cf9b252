import assert from 'node:assert/strict';
import test from 'node:test';
import { positionLinks } from '../../../../extension/editor/positionLinks.ts';
import { profileDocument } from '../../../../extension/presentation/profileText.ts';
import { compareProfiles } from '../../../../runtime/model/compareProfiles.ts';
import { profileOf } from '../../../support/profiles.ts';

test('a profile as a document, with what changed', () => {
  const before = profileOf({ artifact: 'old', runs: 1 });
  const after = profileOf({ packages: before.packages.slice(0, 2), notes: ['A note.'] });
  const text = profileDocument(after, '/p', compareProfiles(before, after));
  assert.equal(
    text,
    `# Cold start of hello: 131 ms

- median of 10 cold starts · Node.js 24.0.0 · 2026-01-02 12:04
- Code: a1
- Folder: \`/p\`

## Phases

|         | median |           range |                      |                                    |
| ------- | -----: | --------------: | -------------------- | ---------------------------------- |
| boot    |  30 ms |   28 ms – 41 ms | ██████               | starting the language runtime      |
| load    | 100 ms |  95 ms – 120 ms | ████████████████████ | loading your code and its packages |
| handler | 0.5 ms | 0.4 ms – 1.0 ms | █                    | running your handler               |
| total   | 131 ms | 124 ms – 160 ms |                      |                                    |

## Compared with old of 2026-01-02 12:04

|         | before |    now |  change |
| ------- | -----: | -----: | ------: |
| boot    |  30 ms |  30 ms | +0.0 ms |
| load    | 100 ms | 100 ms | +0.0 ms |
| handler | 0.5 ms | 0.5 ms | +0.0 ms |
| total   | 131 ms | 131 ms | +0.0 ms |

That was one cold start, so differences may be chance.

|        | before | now | change |
| ------ | -----: | --: | -----: |
| shared |  30 ms |   – | −30 ms |

## Imports of your code

|       |  total |   only | load | where          |
| ----- | -----: | -----: | ---: | -------------- |
| big   |  80 ms |  40 ms | 80 % | src/hello.ts:1 |
| small | 1.0 ms | 0.5 ms |  1 % | src/hello.ts:2 |

## Packages

|            | total |   self |  only | load | modules |
| ---------- | ----: | -----: | ----: | ---: | ------: |
| (own code) | 95 ms | 5.0 ms | 95 ms | 95 % |       1 |
| big        | 80 ms |  50 ms | 60 ms | 80 % |       1 |

## Modules

|                     | total |     self |  only | load |
| ------------------- | ----: | -------: | ----: | ---: |
| src/hello.ts        | 95 ms | ≈ 5.0 ms | 95 ms | 95 % |
| · big/index.js      | 80 ms |    50 ms | 60 ms | 80 % |
| · · shared/index.js | 30 ms |    30 ms | 30 ms | 30 % |

Total: with everything it was the first to load. Self: without what it loads. Only: what would be saved without it. Load: part of the load phase. ≈: estimated.

A note.
`,
  );
});

test('places in it are found, and nothing else', () => {
  const text = [
    '| big | 80 % | src/hello.ts:1 |',
    '| x   | /elsewhere/a b/c.js:20 |',
    '| y   | C:\\p\\d.mts:3 |',
    '- median · Node.js 24.0.0 · 2026-01-02 12:04',
    'at 12:04, https://example.com:80',
  ].join('\n');
  assert.deepEqual(
    positionLinks(text).map(({ start, end, path, line }) => [path, line, text.slice(start, end)]),
    [
      ['src/hello.ts', 1, 'src/hello.ts:1'],
      ['/elsewhere/a b/c.js', 20, '/elsewhere/a b/c.js:20'],
      ['C:\\p\\d.mts', 3, 'C:\\p\\d.mts:3'],
    ],
  );
});
