import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { distFile } from '../../../runtime/support/installRoot.ts';
import type { DeployResult } from '../../../runtime/model/deploy.ts';
import { writeProject } from '../hosts/porchlightProject.ts';
import { settle } from '../processes/settle.ts';
import type { Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';
import type { FunctionId } from '../workload/workload.ts';

const functions: readonly FunctionId[] = ['hello', 'heavy', 'packages'];

/** `porchlight deploy` of each function from nothing: build, package, verification on a cold instance, switch. */
export function deploy(context: Context): Measure {
  const folderOf = (fn: FunctionId): string => join(context.folder, `deploy-${fn}`);
  return {
    title: 'deploy',
    async prepare() {
      for (const fn of functions) {
        await writeProject(
          { folder: folderOf(fn), workload: context.workload },
          { [fn]: { source: fn, whole: true } },
        );
      }
    },
    async round(round) {
      for (const fn of functions) {
        const folder = folderOf(fn);
        await rm(join(folder, '.porchlight'), { recursive: true, force: true });
        const ms = await deployOnce(context, folder);
        context.results.add({ subject: 'porchlight', measure: `deploy.${fn}` }, round, ms);
        await settle();
      }
    },
  };
}

async function deployOnce({ children, node }: Context, folder: string): Promise<number> {
  const started = performance.now();
  const child = children.start(node, [distFile('porchlight.cjs'), 'deploy', '--yes', '--json'], {
    cwd: folder,
  });
  const code = await child.exited;
  const ms = performance.now() - started;
  const line = child
    .output()
    .split('\n')
    .find((text) => text.startsWith('{'));
  const status = line === undefined ? undefined : (JSON.parse(line) as DeployResult).functions[0]?.status;
  if (code !== 0 || status !== 'deployed') throw new Error(`deploy failed: ${child.output().slice(-400)}`);
  return ms;
}
