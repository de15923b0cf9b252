import { join } from 'node:path';
import { versionsOf } from '../packages/packageCache.ts';
import { freePort } from '../processes/ports.ts';
import type { Subject } from '../hosts/subject.ts';
import { httpLambdaShape } from '../workload/sources.ts';
import { linkPackages, post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

const set = 'serverless-offline';

/** Quiet, and without an account. */
const env = {
  SLS_TELEMETRY_DISABLED: '1',
  SLS_NOTIFICATIONS_MODE: 'off',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
};

function offline(id: string, title: string, parts: Subject['parts'], options: string[]): Subject {
  const subject: Subject = {
    id,
    title,
    versions: versionsOf(set),
    parts,
    functions: ['hello', 'heavy', 'packages'],
    async prepare(site) {
      const functions = subject.functions.map((fn) => [
        fn,
        { handler: `${fn}.handler`, events: [{ httpApi: `POST /${fn}` }] },
      ]);
      // JSON is YAML.
      const service = JSON.stringify({
        service: 'bench',
        frameworkVersion: '3',
        provider: { name: 'aws', runtime: 'nodejs20.x', region: 'eu-central-1' },
        plugins: ['serverless-offline'],
        functions: Object.fromEntries(functions),
      });
      await site.workload.write(join(site.folder, 'serverless.yml'), service);
      await writeFunctions(site, subject);
      await linkPackages(site, set);
    },
    source: sourcesAt((fn) => `${fn}.js`, httpLambdaShape),
    async launch(site, port) {
      const main = join(site.folder, 'node_modules/serverless/bin/serverless.js');
      const ports = ['--httpPort', String(port), '--lambdaPort', String(await freePort())];
      const args = [main, 'offline', ...ports, '--host', '127.0.0.1', '--noPrependStageInUrl', ...options];
      return { command: site.node, args, env, call: (fn) => post(port, `/${fn}`) };
    },
  };
  return subject;
}

/** Serverless Framework with a worker thread per function. */
export const serverlessOffline = offline(set, 'serverless-offline', ['start', 'warm', 'memory'], []);

/** The same in its own process. */
export const serverlessInProcess = offline(
  `${set}-in-process`,
  'serverless-offline --useInProcess',
  ['start', 'warm', 'memory'],
  ['--useInProcess'],
);

/** The same with a fresh worker thread per call, its way to see edits. */
export const serverlessReload = offline(
  `${set}-reload`,
  'serverless-offline --reloadHandler',
  ['edit'],
  ['--reloadHandler'],
);
