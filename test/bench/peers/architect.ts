import { join } from 'node:path';
import { versionsOf } from '../packages/packageCache.ts';
import { freePort } from '../processes/ports.ts';
import type { Subject } from '../hosts/subject.ts';
import { httpLambdaShape } from '../workload/sources.ts';
import { post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

const set = 'architect';

/** Architect's sandbox: a process per call. */
export const architect: Subject = {
  id: set,
  title: '@architect/sandbox',
  versions: versionsOf(set),
  parts: ['start', 'warm', 'memory', 'edit'],
  functions: ['hello', 'heavy'],
  noStorm: 'it starts a process for each call: gigabytes of them at 50 connections',
  async prepare(site) {
    await site.cache.install(set);
    const routes = architect.functions.map((fn) => `post /${fn}`).join('\n');
    await site.workload.write(
      join(site.folder, 'app.arc'),
      `@app\nbench\n\n@aws\nruntime nodejs20.x\n\n@http\n${routes}\n`,
    );
    await writeFunctions(site, architect);
  },
  source: sourcesAt((fn) => `src/http/post-${fn}/index.js`, httpLambdaShape),
  async launch(site, port) {
    const main = join(await site.cache.install(set), '@architect/sandbox/src/cli/cli.js');
    const env = {
      ARC_EVENTS_PORT: String(await freePort()),
      ARC_TABLES_PORT: String(await freePort()),
      ARC_INTERNAL_PORT: String(await freePort()),
    };
    const args = [main, '--port', String(port), '--host', '127.0.0.1', '--disable-symlinks'];
    return { command: site.node, args, env, call: (fn) => post(port, `/${fn}`) };
  },
};
