import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { PorchlightError } from '../../../runtime/model/errors.ts';
import { forDebugger } from '../../../runtime/packaging/programArtifact.ts';
import { runBuild } from '../../../runtime/packaging/runBuild.ts';
import { tempFolder } from '../../support/tempFolder.ts';

/** Runs a build that prints a text and fails; gives the error. */
async function failing(t: TestContext, printed: string): Promise<{ folder: string; error: PorchlightError }> {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'main.x'), '');
  const code = `console.error(${JSON.stringify(printed)}); process.exit(3)`;
  const build = [process.execPath, '-e', code];
  const signal = new AbortController().signal;
  const run = runBuild({ function: 'fn', build, cwd: folder, root: folder, artifactsDir: folder, signal });
  const error = await run.then(
    () => assert.fail('it failed'),
    (thrown: unknown) => thrown as PorchlightError,
  );
  return { folder, error };
}

const outputs: [what: string, printed: string, place: [number, number], detail: string][] = [
  ['Go and C', '# pkg\nmain.x:4:7: undefined: y', [4, 7], 'undefined: y.'],
  ['Rust', 'error[E0425]: cannot find value `y`\n  --> main.x:2:9\n   |', [2, 9], 'cannot find value `y`.'],
  ['no column', 'main.x:12: error: expected ;', [12, 1], 'expected ;.'],
];
for (const [what, printed, [line, column], detail] of outputs) {
  test(`a build that fails points to the line that its output names: ${what}`, async (t) => {
    const { folder, error } = await failing(t, printed);
    assert.equal(error.code, 'PROGRAM_NOT_BUILT');
    assert.equal(error.facts['path'], join(folder, 'main.x'));
    assert.deepEqual([error.facts['line'], error.facts['column']], [line, column]);
    assert.ok(error.message.includes(detail), error.message);
    assert.ok(error.message.endsWith(printed), error.message);
  });
}

test('without a place the end of the output is told', async (t) => {
  const { error } = await failing(t, `${'x'.repeat(20_000)}\nthe end`);
  assert.equal(error.facts['path'], undefined);
  assert.match(error.message, /ended with exit code 3\. Correct it and save\.\n…x+\nthe end$/);
  assert.ok(error.message.length < 10_000);
});

test('a compiler that is not there is named', async (t) => {
  const folder = tempFolder(t);
  const build = ['no-such-compiler', 'x'];
  const signal = new AbortController().signal;
  await assert.rejects(
    runBuild({ function: 'fn', build, cwd: folder, root: folder, artifactsDir: folder, signal }),
    /"no-such-compiler" cannot be started \(spawn no-such-compiler ENOENT\)/,
  );
});

test("Go's compiler is told to keep what a debugger needs, unless it is told already", () => {
  assert.equal(forDebugger('go vet && go build .'), 'go vet && go build -gcflags="all=-N -l" .');
  assert.equal(forDebugger('go build -gcflags=-m .'), 'go build -gcflags=-m .');
  assert.deepEqual(forDebugger(['go', 'build', '.']), ['go', 'build', '-gcflags=all=-N -l', '.']);
  assert.deepEqual(forDebugger(['make']), ['make']);
});
