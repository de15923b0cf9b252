import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versionsOf } from '../packages/packageCache.ts';
import type { Subject } from '../hosts/subject.ts';
import { lambdaShape } from '../workload/sources.ts';
import { post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

const set = 'lambda-ric';

/** AWS's own runtime client, behind a small Runtime API of ours: one call at a time, by its design. */
export const lambdaRic: Subject = {
  id: set,
  title: 'aws-lambda-ric + Runtime API',
  versions: versionsOf(set),
  parts: ['start', 'warm', 'memory'],
  functions: ['hello', 'heavy'],
  oneFunction: true,
  async prepare(site) {
    await site.cache.install(set);
    await writeFunctions(site, lambdaRic);
  },
  source: sourcesAt((fn) => `${fn}.js`, lambdaShape),
  async launch(site, port, first) {
    const client = join(await site.cache.install(set), 'aws-lambda-ric/bin/index.mjs');
    const api = fileURLToPath(new URL('./runtimeApi.mjs', import.meta.url));
    return {
      command: site.node,
      args: [api, String(port), client, `${first}.handler`],
      call: () => post(port),
    };
  },
};
