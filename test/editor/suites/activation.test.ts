// @alone
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import * as vscode from 'vscode';

const id = 'porchlight.porchlight';

/** What nobody needs before they do something, and what other processes run. */
const laterParts = [
  'addToYaml.cjs',
  'agentTools.cjs',
  'commands.cjs',
  'debugSession.cjs',
  'porchlight.cjs',
  'server.cjs',
  'typescript.cjs',
];

/** The editor's own marks of what it does, kept in the process of its extensions. */
interface EditorMarks {
  getMarks(): { name: string; startTime: number }[];
}

/** Milliseconds that the extension host took for a step of an extension's start; its marks are not part of the API. */
function duration(step: string): number {
  const { MonacoPerformanceMarks } = globalThis as { MonacoPerformanceMarks?: EditorMarks };
  assert.ok(MonacoPerformanceMarks, 'this editor keeps its marks elsewhere');
  const marks = MonacoPerformanceMarks.getMarks();
  const at = (name: string) =>
    marks.find((mark) => mark.name === `code/extHost/${name}${step}/${id}`)?.startTime ??
    assert.fail(`no mark ${name}${step}`);
  return at('did') - at('will');
}

/** Writes to the terminal of whoever runs the tests. */
function tell(line: string): void {
  const log = process.env['PORCHLIGHT_TEST_LOG'];
  if (log) appendFileSync(log, `${line}\n`);
}

suite('Activation', () => {
  test('is measured, and loads nothing that is not needed', async () => {
    await vscode.extensions.getExtension(id)!.activate();
    const loading = duration('LoadExtensionCode');
    const activating = duration('ActivateExtension');
    // Told, not judged: the machine may be busy. What is held is what gets loaded.
    tell(
      `activation: ${(loading + activating).toFixed(1)} ms of the extension host (code ${loading.toFixed(1)} ms, activate ${activating.toFixed(1)} ms)`,
    );
    const loaded = Object.keys(createRequire(import.meta.url).cache)
      .filter((file) => /[\\/]dist[\\/][^\\/]+\.cjs$/.test(file))
      .map((file) => basename(file));
    assert.ok(loaded.includes('extension.cjs'), loaded.join(', '));
    for (const later of laterParts) assert.ok(!loaded.includes(later), `${later} was loaded`);
  });
});
