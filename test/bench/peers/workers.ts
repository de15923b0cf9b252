import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versionsOf } from '../packages/packageCache.ts';
import { freePort } from '../processes/ports.ts';
import type { Subject } from '../hosts/subject.ts';
import type { HandlerShape } from '../workload/sources.ts';
import { post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

/* Cloudflare Workers: functions run in workerd, not on Node. */

// A body that is not read costs the caller its connection.
const shape: HandlerShape = (_, result) =>
  `export default { fetch: async (request) => (await request.text(), Response.json(${result})) };\n`;

/** The library under wrangler; it runs one script, and loads a new one when it is told to. */
export const miniflare: Subject = {
  id: 'miniflare',
  title: 'miniflare (workerd)',
  versions: versionsOf('miniflare'),
  parts: ['start', 'warm', 'memory', 'edit'],
  functions: ['hello', 'heavy'],
  oneFunction: true,
  async prepare(site) {
    await site.cache.install('miniflare');
    await writeFunctions(site, miniflare);
  },
  source: sourcesAt((fn) => `${fn}.mjs`, shape, 'worker'),
  async launch(site, port, first) {
    const library = join(await site.cache.install('miniflare'), 'miniflare/dist/src/index.js');
    const host = fileURLToPath(new URL('./miniflareHost.mjs', import.meta.url));
    const args = [host, library, join(site.folder, `${first}.mjs`), String(port)];
    return { command: site.node, args, call: () => post(port) };
  },
};

/** Cloudflare's command line. It bundles by itself. */
export const wrangler: Subject = {
  id: 'wrangler',
  title: 'wrangler dev',
  versions: versionsOf('wrangler'),
  parts: ['start', 'warm', 'memory', 'edit'],
  functions: ['hello', 'heavy'],
  oneFunction: true,
  async prepare(site) {
    await site.cache.install('wrangler');
    await site.workload.write(
      join(site.folder, 'wrangler.json'),
      JSON.stringify({
        name: 'bench',
        main: 'hello.mjs',
        compatibility_date: '2026-04-01',
        compatibility_flags: ['nodejs_compat'],
        send_metrics: false,
      }),
    );
    await writeFunctions(site, wrangler);
  },
  source: sourcesAt((fn) => `${fn}.mjs`, shape, 'worker'),
  async launch(site, port, first) {
    const main = join(await site.cache.install('wrangler'), 'wrangler/bin/wrangler.js');
    const options = [
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--inspector-port',
      String(await freePort()),
    ];
    const quiet = ['--log-level', 'error', '--show-interactive-dev-session=false'];
    return {
      command: site.node,
      args: [main, 'dev', `${first}.mjs`, ...options, ...quiet],
      env: { WRANGLER_SEND_METRICS: 'false', CI: '1' },
      call: () => post(port),
    };
  },
};
