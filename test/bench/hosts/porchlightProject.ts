import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pins from '../packages/pins.json' with { type: 'json' };
import { lambdaShape } from '../workload/sources.ts';
import type { FunctionId, Workload } from '../workload/workload.ts';

/** A function of a project for Porchlight. */
export interface ProjectFunction {
  source: FunctionId | { text: string };
  /** Its packages as they are installed, not only what of them is loaded. */
  whole?: true;
  /** What porchlight.yaml says besides the handler. */
  settings?: Record<string, unknown>;
}

/** Writes a project folder for Porchlight, with the first version of every function. */
export async function writeProject(
  { folder, workload }: { folder: string; workload: Workload },
  functions: Record<string, ProjectFunction>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const entries = Object.entries(functions);
  const settings = entries.map(([name, fn]) => [
    name,
    { platform: 'aws-lambda', handler: `${name}.handler`, memory: '512MB', timeout: '60s', ...fn.settings },
  ]);
  // JSON is YAML.
  const project = JSON.stringify({ functions: Object.fromEntries(settings) });
  await writeFile(join(folder, 'porchlight.yaml'), project);
  for (const [name, { source }] of entries) {
    const text = typeof source === 'string' ? await workload.source(source, lambdaShape, 1) : source.text;
    await writeFile(join(folder, `${name}.js`), text);
  }
  const packages = entries.some(([, { source }]) => source === 'packages');
  const manifest = { private: true, ...(packages ? { dependencies: pins.workload } : {}) };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const whole = entries.some(([, fn]) => fn.whole);
  if (packages) await workload.placePackages(folder, whole ? 'all' : 'loaded');
}
