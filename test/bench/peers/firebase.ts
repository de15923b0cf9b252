import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { versionsOf } from '../packages/packageCache.ts';
import { freePort } from '../processes/ports.ts';
import type { Subject } from '../hosts/subject.ts';
import { linkPackages, post, sourcesAt, writeFunctions } from '../hosts/functionFiles.ts';

const set = 'firebase';
const project = 'demo-bench';

/** Firebase's emulator, functions only. */
export const firebase: Subject = {
  id: set,
  title: 'firebase emulators:start',
  versions: versionsOf(set),
  parts: ['start', 'warm', 'memory', 'edit'],
  functions: ['hello', 'heavy', 'packages'],
  noStorm: 'it starts a process for each concurrent call: gigabytes of them at 50 connections',
  async prepare(site) {
    const functions = join(site.folder, 'functions');
    await mkdir(functions, { recursive: true });
    await linkPackages(site, set, functions);
    const exported = firebase.functions.map((fn) => `exports.${fn} = require('./${fn}.js').handler;\n`);
    await site.workload.write(join(functions, 'index.js'), exported.join(''));
    const manifest = { private: true, main: 'index.js', engines: { node: '20' } };
    await site.workload.write(join(functions, 'package.json'), JSON.stringify(manifest));
    await writeFunctions(site, firebase);
  },
  source: async (site, fn, version) => {
    const { file, text } = await source(site, fn, version);
    return { file, text: `const { onRequest } = require('firebase-functions/v2/https');\n${text}` };
  },
  async launch(site, port) {
    const main = join(await site.cache.install(set), 'firebase-tools/lib/bin/firebase.js');
    const other = async (): Promise<{ host: string; port: number }> => ({
      host: '127.0.0.1',
      port: await freePort(),
    });
    const emulators = {
      functions: { host: '127.0.0.1', port },
      hub: await other(),
      logging: await other(),
      eventarc: await other(),
      tasks: await other(),
      ui: { enabled: false },
    };
    const config = JSON.stringify({ functions: { source: 'functions' }, emulators });
    await site.workload.write(join(site.folder, 'firebase.json'), config);
    return {
      command: site.node,
      args: [main, 'emulators:start', '--only', 'functions', '--project', project],
      env: { CI: '1', FIREBASE_CLI_DISABLE_UPDATE_CHECK: '1' },
      call: (fn) => post(port, `/${project}/us-central1/${fn}`),
    };
  },
};

const source = sourcesAt(
  (fn) => `functions/${fn}.js`,
  (_, result) => `exports.handler = onRequest((request, response) => response.json(${result}));\n`,
);
