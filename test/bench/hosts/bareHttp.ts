import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lambdaShape } from '../workload/sources.ts';
import { post, sourcesAt, writeFunctions } from './functionFiles.ts';
import type { Subject } from './subject.ts';

const script = fileURLToPath(new URL('./bareHttp.cjs', import.meta.url));

/** Node's own HTTP server around the function, without any host: what warm figures are compared with. */
export const bareHttp: Subject = {
  id: 'node-http',
  title: 'node:http (reference)',
  parts: ['start', 'warm', 'memory'],
  functions: ['hello', 'heavy'],
  oneFunction: true,
  prepare: (site) => writeFunctions(site, bareHttp),
  source: sourcesAt((fn) => `${fn}.js`, lambdaShape),
  launch: ({ node, folder }, port, first) =>
    Promise.resolve({
      command: node,
      args: [script, String(port), join(folder, `${first}.js`)],
      call: () => post(port),
    }),
};
