import { join } from 'node:path';
import { versionsOf } from '../packages/packageCache.ts';
import type { Subject } from '../hosts/subject.ts';
import { httpLambdaShape } from '../workload/sources.ts';
import { post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

const set = 'lambda-local';

/** Loads the handler's file anew for each call, in its own process. */
export const lambdaLocal: Subject = {
  id: set,
  title: 'lambda-local --watch',
  versions: versionsOf(set),
  parts: ['start', 'warm', 'memory', 'edit'],
  functions: ['hello', 'heavy', 'packages'],
  oneFunction: true,
  note: 'functions run in its own process: no isolation',
  async prepare(site) {
    await site.cache.install(set);
    await writeFunctions(site, lambdaLocal);
  },
  source: sourcesAt((fn) => `${fn}.js`, httpLambdaShape),
  async launch(site, port, first) {
    const main = join(await site.cache.install(set), 'lambda-local/build/cli.js');
    const args = [main, '-l', `${first}.js`, '-t', '60', '--watch', String(port)];
    return { command: site.node, args, call: () => post(port, '/', 'localhost') };
  },
};
