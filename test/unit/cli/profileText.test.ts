import assert from 'node:assert/strict';
import test from 'node:test';
import { comparisonText, profileText } from '../../../runtime/cli/profileText.ts';
import { painter } from '../../../runtime/cli/terminal.ts';
import { compareProfiles } from '../../../runtime/model/compareProfiles.ts';
import { importCost, profileOf } from '../../support/profiles.ts';

const plain = painter({}, {});

test('a profile in tables', () => {
  const text = profileText(profileOf({ notes: ['Something to know.'] }), plain);
  assert.equal(
    text,
    `hello · Node.js 24.0.0 · artifact a1 · 10 cold starts

PHASE       MEDIAN       MIN       MAX
boot       30.0 ms   28.0 ms   41.3 ms  ███████
load        100 ms   95.0 ms    120 ms  ████████████████████████
handler    0.50 ms   0.40 ms   1.00 ms  █
total       131 ms    124 ms    160 ms

IMPORT                       TOTAL      ONLY   LOAD  WHERE
big                        80.0 ms   40.0 ms   80 %  src/hello.ts:1
small                      1.00 ms   0.50 ms    1 %  src/hello.ts:2

PACKAGE                              TOTAL      SELF      ONLY   LOAD  MODULES
(own code)                         95.0 ms   5.00 ms   95.0 ms   95 %        1
big                                80.0 ms   50.0 ms   60.0 ms   80 %        1
shared                             30.0 ms   30.0 ms   30.0 ms   30 %        1

MODULE                                       TOTAL      SELF      ONLY   LOAD
src/hello.ts *                             95.0 ms   5.00 ms   95.0 ms   95 %
  big/index.js                             80.0 ms   50.0 ms   60.0 ms   80 %
    shared/index.js                        30.0 ms   30.0 ms   30.0 ms   30 %

Note: Something to know.

TOTAL is charged to whoever loads a module first; ONLY is what would be saved
without it. LOAD is the part of the load phase. * marks estimates.
`,
  );
});

test('long names are cut in the middle, and no line is wider than a terminal', () => {
  const long = `@scope/a-package-with-a-long-name/dist-cjs/submodules/${'deep/'.repeat(9)}index.js`;
  const profile = profileOf();
  const modules = Array.from({ length: 30 }, (_, i) => ({
    ...profile.modules[i === 0 ? 0 : 1]!,
    name: `${long}${i}`,
    ...(i === 0 ? {} : { loadedBy: i - 1 }),
  }));
  const packages = profile.packages.map((each) => ({ ...each, name: long }));
  const imports = [importCost(long, 12345, 80, { at: { file: `/p/${long}`, line: 12345, column: 1 } })];
  const text = profileText({ ...profile, modules, packages, imports, notes: ['word '.repeat(60)] }, plain);
  assert.deepEqual(
    text.split('\n').filter((line) => line.length > 80),
    [],
  );
  assert.match(text, /^@scope\/a-package….*index\.js0 \* /m);
  assert.match(text, /10 more are left out here; --json has them\./);
});

test('a function without import costs has its phases', () => {
  const text = profileText(profileOf({ modules: [], packages: [], imports: [], runs: 1 }), plain);
  assert.match(text, /1 cold start\n\nPHASE/);
  assert.doesNotMatch(text, /MODULE|IMPORT|TOTAL/);
});

test('before and after', () => {
  const before = profileOf({ artifact: 'old', runs: 1, node: 'Node.js 20.0.0' });
  const after = profileOf({
    packages: before.packages.filter(({ name }) => name !== 'shared'),
    totalMs: { medianMs: 140.5, minMs: 1, maxMs: 200 },
  });
  assert.equal(
    comparisonText(compareProfiles(before, after), plain),
    `Artifact old (1 run) → a1 (10 runs)
Measured with Node.js 20.0.0, then with Node.js 24.0.0.

PHASE                               BEFORE     AFTER      CHANGE
boot                               30.0 ms   30.0 ms    ±0.00 ms
load                                100 ms    100 ms    ±0.00 ms
handler                            0.50 ms   0.50 ms    ±0.00 ms
total                               131 ms    141 ms    +10.0 ms

PACKAGE, SELF                       BEFORE     AFTER      CHANGE
shared                             30.0 ms         -    -30.0 ms
`,
  );
});
