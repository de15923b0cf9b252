import { join } from 'node:path';
import { versionsOf } from '../packages/packageCache.ts';
import type { Subject } from '../hosts/subject.ts';
import { httpLambdaShape } from '../workload/sources.ts';
import { post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

const set = 'netlify';

/** Netlify's command line, functions only. */
export const netlify: Subject = {
  id: set,
  title: 'netlify functions:serve',
  versions: versionsOf(set),
  parts: ['start', 'warm', 'memory', 'edit'],
  functions: ['hello', 'heavy', 'packages'],
  note: 'functions run in its own process: no isolation',
  async prepare(site) {
    await site.cache.install(set);
    await site.workload.write(
      join(site.folder, 'netlify.toml'),
      '[functions]\n  directory = "netlify/functions"\n  node_bundler = "none"\n',
    );
    await writeFunctions(site, netlify);
  },
  source: sourcesAt((fn) => `netlify/functions/${fn}.js`, httpLambdaShape),
  async launch(site, port) {
    const main = join(await site.cache.install(set), 'netlify-cli/bin/run.js');
    return {
      command: site.node,
      args: [main, 'functions:serve', '--offline', '--port', String(port)],
      env: { NETLIFY_TELEMETRY_DISABLED: '1', CI: '1' },
      call: (fn) => post(port, `/.netlify/functions/${fn}`, 'localhost'),
    };
  },
};
