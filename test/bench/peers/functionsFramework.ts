import { join } from 'node:path';
import { versionsOf } from '../packages/packageCache.ts';
import type { Subject } from '../hosts/subject.ts';
import { post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

const set = 'functions-framework';
const source = sourcesAt(
  (fn) => `${fn}/index.js`,
  // The name of the export says nothing about the packages the function loads.
  (_, result) => `exports.handler = (request, response) => response.json(${result});\n`,
);

function framework(id: string, title: string, parts: Subject['parts'], nodeOptions: string[]): Subject {
  const subject: Subject = {
    id,
    title,
    versions: versionsOf(set),
    parts,
    functions: ['hello', 'heavy', 'packages'],
    oneFunction: true,
    async prepare(site) {
      await site.cache.install(set);
      await writeFunctions(site, subject);
    },
    source,
    async launch(site, port, first) {
      const main = join(await site.cache.install(set), '@google-cloud/functions-framework/build/src/main.js');
      const args = [`--source=${join(site.folder, first)}`, '--target=handler', `--port=${port}`];
      return { command: site.node, args: [...nodeOptions, main, ...args], call: () => post(port) };
    },
  };
  return subject;
}

/** Google Cloud Functions. */
export const functionsFramework = framework(set, 'functions-framework', ['start', 'warm', 'memory'], []);

/** It has no reload of its own: its documentation has Node watch and start it again. */
export const functionsFrameworkWatched = framework(
  `${set}-watch`,
  'functions-framework, node --watch',
  ['edit'],
  ['--watch', '--watch-preserve-output'],
);
