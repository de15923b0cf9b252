import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versionsOf } from '../packages/packageCache.ts';
import type { Subject } from '../hosts/subject.ts';
import { lambdaShape } from '../workload/sources.ts';
import { post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

/** The HTTP framework under nitro, alone on Node's server: no host for functions, but what one may be made of. */
export const h3: Subject = {
  id: 'h3',
  title: 'h3 on node:http',
  versions: versionsOf('h3'),
  parts: ['start', 'warm', 'memory'],
  functions: ['hello'],
  note: 'an HTTP framework, not a host',
  async prepare(site) {
    await site.cache.install('h3');
    await writeFunctions(site, h3);
  },
  source: sourcesAt((fn) => `${fn}.js`, lambdaShape),
  async launch(site, port, first) {
    const library = join(await site.cache.install('h3'), 'h3/dist/_entries/node.mjs');
    const host = fileURLToPath(new URL('./h3Host.mjs', import.meta.url));
    const args = [host, library, join(site.folder, `${first}.js`), String(port)];
    return { command: site.node, args, call: () => post(port) };
  },
};
