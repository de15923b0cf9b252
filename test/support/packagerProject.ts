import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { PorchlightError } from '../../runtime/model/errors.ts';
import type { FunctionDefinition } from '../../runtime/model/functionDefinition.ts';
import { loadModule } from '../../runtime/languages/nodejs/bootstrap.loader.ts';
import type { DevArtifact } from '../../runtime/packaging/artifact.ts';
import { createPackager } from '../../runtime/packaging/packager.ts';
import { writeTree } from './fileTree.ts';
import { functionDefinition } from './functionDefinition.ts';
import { tempFolder } from './tempFolder.ts';

/** A packager for a fresh folder with these files. */
export function project(t: TestContext, files: Record<string, string>) {
  const root = realpathSync(tempFolder(t));
  writeTree(root, files);
  const packager = createPackager({ root });
  t.after(() => packager.dispose());
  const prepare = (changes: Partial<FunctionDefinition> = {}) =>
    packager.prepare(functionDefinition(root, { codeRoot: root, ...changes }));
  return { root, packager, prepare, write: (more: Record<string, string>) => writeTree(root, more) };
}

/** Loads an artifact as an instance does, and gives what its handler returns. */
export async function run(artifact: DevArtifact): Promise<unknown> {
  const exports = await loadModule(artifact.entry, artifact);
  let value = exports as Record<string, unknown> | undefined;
  for (const name of artifact.exportName.split('.')) value = value?.[name] as Record<string, unknown>;
  return (value as unknown as () => unknown)();
}

/** The error a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<PorchlightError> {
  const error: unknown = await promise.then(
    () => assert.fail('should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PorchlightError, String(error));
  return error;
}
