import { join } from 'node:path';
import { versionsOf } from '../packages/packageCache.ts';
import type { Subject } from '../hosts/subject.ts';
import { post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

const set = 'faas-js';

/** What Knative's func runs Node functions with. */
export const faasJs: Subject = {
  id: set,
  title: 'faas-js-runtime (Knative func)',
  versions: versionsOf(set),
  parts: ['start', 'warm', 'memory'],
  functions: ['hello', 'heavy'],
  oneFunction: true,
  note: 'functions run in its own process: no isolation',
  async prepare(site) {
    await site.cache.install(set);
    await writeFunctions(site, faasJs);
  },
  source: sourcesAt(
    (fn) => `${fn}/index.js`,
    (_, result) => `exports.handle = async () => (${result});\n`,
  ),
  async launch(site, port, first) {
    const main = join(await site.cache.install(set), 'faas-js-runtime/bin/cli.js');
    const args = [main, join(site.folder, first, 'index.js'), '--port', String(port)];
    return { command: site.node, args, call: () => post(port) };
  },
};
