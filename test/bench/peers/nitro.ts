import { join } from 'node:path';
import { versionsOf } from '../packages/packageCache.ts';
import type { Subject } from '../hosts/subject.ts';
import { linkPackages, post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

const set = 'nitro';

/** The server of Nuxt and others: one application that is built again at each edit. */
export const nitro: Subject = {
  id: set,
  title: 'nitro dev',
  versions: versionsOf(set),
  parts: ['start', 'warm', 'memory', 'edit'],
  functions: ['hello'],
  forgetsAfterMs: 200,
  note: 'a call that comes while it reloads is never answered; its edits are timed with a call every 0.2 s',
  async prepare(site) {
    await site.workload.write(
      join(site.folder, 'nitro.config.ts'),
      `export default defineNitroConfig({ compatibilityDate: '2026-04-01' });\n`,
    );
    await site.workload.write(join(site.folder, 'package.json'), '{ "private": true, "type": "module" }');
    await writeFunctions(site, nitro);
    await linkPackages(site, set);
  },
  source: sourcesAt(
    (fn) => `routes/${fn}.post.js`,
    (_, result) => `export default defineEventHandler(() => (${result}));\n`,
  ),
  launch(site, port) {
    const main = join(site.folder, 'node_modules/nitropack/dist/cli/index.mjs');
    return Promise.resolve({
      command: site.node,
      args: [main, 'dev', '--port', String(port), '--host', '127.0.0.1'],
      env: { CI: '1' },
      call: (fn) => post(port, `/${fn}`),
    });
  },
};
