import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Call } from '../load/call.ts';
import type { PackageSetId } from '../packages/packageCache.ts';
import type { Site, Subject } from './subject.ts';
import type { HandlerShape } from '../workload/sources.ts';
import type { BundleFor, FunctionId } from '../workload/workload.ts';

/** Writes the first version of every function of a peer. */
export async function writeFunctions(
  site: Site,
  subject: Pick<Subject, 'functions' | 'source'>,
): Promise<void> {
  for (const fn of subject.functions) {
    const { file, text } = await subject.source(site, fn, 1);
    await site.workload.write(file, text);
  }
}

/** Sources that lie at `place` below the site's folder, in one shape. */
export function sourcesAt(
  place: (fn: FunctionId) => string,
  shape: HandlerShape,
  target: BundleFor = 'node',
): Subject['source'] {
  return async ({ folder, workload }, fn, version) => ({
    file: join(folder, place(fn)),
    text: await workload.source(fn, shape, version, target),
  });
}

/** Makes a peer's packages those of its project; the heavy function's are found in the folder above. */
export async function linkPackages(site: Site, set: PackageSetId, folder = site.folder): Promise<string> {
  const modules = await site.cache.install(set);
  // Windows lets everybody make junctions, but not symbolic links.
  await symlink(modules, join(folder, 'node_modules'), 'junction');
  return modules;
}

/** A POST with an empty event. */
export function post(port: number, path = '/', host = '127.0.0.1'): Call {
  return { url: `http://${host}:${port}${path}`, method: 'POST', body: '{}' };
}
