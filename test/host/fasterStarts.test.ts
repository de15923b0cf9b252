import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import { AttachRequested, Invoke, StartDebugging } from '../../runtime/protocol/control/messages.ts';
import { CdpClient } from '../support/cdpClient.ts';
import { invoke } from '../support/hostFixture.ts';

/** Enough text for a file of compiled code to be worth while. */
const filler = Array.from({ length: 2000 }, (_, i) => `exports.f${i} = (a) => a.b${i} + ${i};`).join('\n');

/** A project with one function `f` and packages, which are written here since the repository ignores `node_modules`. */
async function project(
  t: TestContext,
  files: Record<string, string>,
  settings = '',
): Promise<{ host: Host; root: string; write(name: string, text: string): void; cacheFile(): string }> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'porchlight-starts-')));
  const write = (name: string, text: string) => {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  for (const [name, text] of Object.entries(files)) {
    write(name, text);
    const home = /^node_modules\/([^/]+)\//.exec(name)?.[1];
    if (home) write(`node_modules/${home}/package.json`, JSON.stringify({ name: home, version: '1.0.0' }));
  }
  write(
    'porchlight.yaml',
    `functions:\n  f: { handler: index.handler, platform: aws-lambda, process: { maxInstances: 20 ${settings} } }\n`,
  );
  const host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
  t.after(async () => {
    await host.close('test ended');
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const folder = join(root, '.porchlight', 'cache');
  const cacheFile = () => {
    const name = existsSync(folder)
      ? readdirSync(folder).find((entry) => entry.endsWith('.pack'))
      : undefined;
    return name === undefined ? '' : join(folder, name);
  };
  return { host, root, write, cacheFile };
}

/** A cold start, after which everything that it showed has been kept. */
async function cold(host: Host) {
  const record = await invoke(host, 'f', {}, 'cold');
  for (const { settling } of host.registry.get('f').pool.slots) await settling;
  return record;
}

async function prewarmed(host: Host) {
  await host.registry.get('f').pool.prepareSpare();
  return invoke(host, 'f', {}, 'prewarmed');
}

const usesBig = {
  'index.js': "const big = require('big');\nexports.handler = async () => big.word + big.f1({ b1: 1 });\n",
  'node_modules/big/index.js': `exports.word = 'one';\n${filler}\n`,
};

describe('compiled code of earlier starts', { timeout: 60_000 }, () => {
  it('is used by the next cold start', async (t) => {
    const { host, cacheFile } = await project(t, usesBig);
    const first = await cold(host);
    assert.deepEqual(first.start, { codeUsed: 0, codeCompiled: 2, preloaded: 0 });
    assert.ok(existsSync(cacheFile()));
    const second = await cold(host);
    assert.deepEqual([second.startKind, second.body, second.notes], ['cold', '"one2"', []]);
    assert.deepEqual(second.start, { codeUsed: 2, codeCompiled: 0, preloaded: 0 });
  });

  it('does not outlive a change of the same length, in a package or in own code', async (t) => {
    const { host, root, write } = await project(t, {
      ...usesBig,
      'index.js': `const big = require('big');\nexports.handler = async () => big.word + 'x';\n${filler}\n`,
    });
    await cold(host);
    assert.equal((await cold(host)).start?.codeUsed, 2);
    write('node_modules/big/index.js', `exports.word = 'two';\n${filler}\n`);
    const changed = await cold(host);
    assert.equal(changed.body, '"twox"');
    assert.deepEqual(changed.start, { codeUsed: 1, codeCompiled: 1, preloaded: 0 });
    write(
      'index.js',
      `const big = require('big');\nexports.handler = async () => big.word + 'y';\n${filler}\n`,
    );
    await host.registry.refresh(['f'], [join(root, 'index.js')]);
    assert.equal((await cold(host)).body, '"twoy"');
  });

  for (const [what, damage] of Object.entries({
    'with other bytes in the code': (file: string) => {
      const bytes = readFileSync(file);
      bytes.fill(0x55, bytes.length >> 1, (bytes.length >> 1) + 64);
      writeFileSync(file, bytes);
    },
    truncated: (file: string) => truncateSync(file, 1000),
    empty: (file: string) => truncateSync(file, 0),
    'of another kind': (file: string) => writeFileSync(file, 'PLCODE01\xff\xff\xff\xffand no more'),
  })) {
    it(`is left alone when its file is ${what}`, async (t) => {
      const { host, cacheFile } = await project(t, usesBig);
      await cold(host);
      damage(cacheFile());
      const after = await cold(host);
      assert.deepEqual([after.status, after.body, after.start?.codeUsed], ['ok', '"one2"', 0]);
      assert.equal((await cold(host)).start?.codeUsed, 2, 'a sound file has taken its place');
    });
  }

  it('is dropped when an instance ends while loading, and the call is served by another', async (t) => {
    const { host, cacheFile } = await project(t, {
      ...usesBig,
      'index.js':
        "const { existsSync, readdirSync } = require('fs');\nrequire('big');\n" +
        "const folder = __dirname + '/.porchlight/cache';\n" +
        "if (existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.pack')))\n" +
        "  process.kill(process.pid, 'SIGSEGV');\n" +
        "exports.handler = async () => 'alive';\n",
    });
    await cold(host);
    assert.ok(existsSync(cacheFile()));
    const record = await cold(host);
    assert.deepEqual([record.status, record.body], ['ok', '"alive"']);
    assert.match(record.notes.join(), /^Started again: .* was dropped\.$/);
  });

  it('is not kept where the project does not want it', async (t) => {
    const { host, cacheFile } = await project(t, usesBig, ', codeCache: false');
    await cold(host);
    assert.deepEqual((await cold(host)).start, { codeUsed: 0, codeCompiled: 0, preloaded: 0 });
    assert.equal(cacheFile(), '');
  });

  it('leaves modules what they are under Node', async (t) => {
    const { host } = await project(t, {
      'index.js':
        "const odd = require('odd');\nexports.handler = async () => ({ ...odd, children: module.children.length });\n",
      'node_modules/odd/index.js':
        `${filler}\nconst part = require('./part');\n` +
        "module.exports = { main: require.main === module, same: require('./part.js') === part, " +
        "known: require.resolve('./part') in require.cache, parent: module.parent.filename.endsWith('index.js'), " +
        "json: require('./data.json').a, paths: require.resolve.paths('x').length > 0, " +
        "types: Object.keys(require.extensions), at: part().split(':').slice(-2).join(':') };\n",
      'node_modules/odd/part.js':
        "module.exports = () => /part\\.js:(\\d+:\\d+)/.exec(new Error('x').stack)[1];\n",
      'node_modules/odd/data.json': '{ "a": 1 }',
    });
    const before = (await cold(host)).body;
    const record = await cold(host);
    assert.equal(record.start?.codeUsed, 3);
    assert.equal(record.body, before);
    assert.deepEqual(JSON.parse(record.body), {
      main: false,
      same: true,
      known: true,
      parent: true,
      json: 1,
      paths: true,
      types: ['.js', '.json', '.node'],
      at: '1:50',
      children: 1,
    });
  });

  it('finds a module of a package where it is now', async (t) => {
    const { host, root, write } = await project(t, {
      'index.js': "exports.handler = async () => require('pack').word;\nrequire('pack');\n",
      'node_modules/pack/index.js': `${filler}\nexports.word = require('./word').word;\n`,
      'node_modules/pack/word.js': "exports.word = 'file';\n",
    });
    await cold(host);
    assert.equal((await cold(host)).body, '"file"');
    rmSync(join(root, 'node_modules/pack/word.js'));
    write('node_modules/pack/word/index.js', "exports.word = 'folder';\n");
    const record = await cold(host);
    assert.deepEqual([record.status, record.body], ['ok', '"folder"']);
  });

  it('stops at breakpoints', async (t) => {
    // Only what has a map is compiled as a script there.
    const map =
      '//# sourceMappingURL=data:application/json,{"version":3,"sources":["a.ts"],"names":[],"mappings":";"}';
    const { host } = await project(t, {
      'index.js': `exports.handler = async () => {\n  const word = 'here';\n  return word;\n};\n${filler}\n${map}\n`,
    });
    await cold(host);
    assert.equal((await cold(host)).start?.codeUsed, 1);
    const connection = await connectControl({
      url: host.control.url,
      token: host.control.token,
      client: { kind: 'editor', name: 'test', pid: process.pid },
    });
    t.after(() => connection.dispose());
    const paused = new Promise<Record<string, unknown>>((resolve, reject) => {
      connection.onNotification(AttachRequested, (target) => {
        void (async () => {
          const client = await CdpClient.connect(target.websocketAddress, { Host: 'localhost' });
          t.after(() => Promise.resolve(client.close()));
          await client.send('Runtime.enable');
          await client.send('Debugger.enable');
          await client.send('Debugger.setBreakpointByUrl', { lineNumber: 2, urlRegex: '.*index\\.js' });
          await client.send('Runtime.runIfWaitingForDebugger');
          resolve(await client.event('Debugger.paused'));
          await client.send('Debugger.resume');
        })().catch(reject);
      });
    });
    await connection.sendRequest(StartDebugging, { functions: ['f'] });
    const answer = connection.sendRequest(Invoke, {
      function: 'f',
      event: { encoding: 'utf8', data: '{}' },
      startKind: 'cold',
    });
    const { callFrames } = (await paused) as { callFrames: { location: { lineNumber: number } }[] };
    assert.equal(callFrames[0]?.location.lineNumber, 2);
    const record = await answer;
    assert.deepEqual([record.status, record.debugged, record.start?.codeUsed], ['ok', true, 1]);
  });
});

describe('a spare', { timeout: 60_000 }, () => {
  it('has loaded the function’s packages before the call', async (t) => {
    const { host } = await project(t, {
      'index.js':
        "const before = 'a' in require.cache;\nconst loaded = Object.keys(require.cache).some((f) => f.includes('good'));\n" +
        "const { at } = require('good');\nexports.handler = async () => ({ before, loaded, env: at });\n",
      'node_modules/good/index.js': 'exports.at = process.env.AWS_LAMBDA_FUNCTION_NAME + process.cwd();\n',
    });
    const first = JSON.parse((await cold(host)).body) as { loaded: boolean; env: string };
    assert.equal(first.loaded, false);
    const record = await prewarmed(host);
    const second = JSON.parse(record.body) as typeof first;
    assert.equal(second.loaded, true);
    assert.equal(second.env, first.env);
    assert.deepEqual([record.startKind, record.start?.preloaded], ['prewarmed', 1]);
    assert.deepEqual(record.notes, ['Dependencies were preloaded.']);
  });

  it('loads nothing early where the project does not want it', async (t) => {
    const { host } = await project(
      t,
      {
        'index.js': "require('good');\nexports.handler = async () => 1;\n",
        'node_modules/good/index.js': '',
      },
      ', preload: false',
    );
    await cold(host);
    const record = await prewarmed(host);
    assert.deepEqual([record.startKind, record.start?.preloaded, record.notes], ['prewarmed', 0, []]);
  });

  const hazards: { reason: RegExp; bad: string; own?: string }[] = [
    { bad: 'setInterval(() => {}, 1000).unref();', reason: /^starts a timer$/ },
    { bad: "require('net').createServer().listen(0, '127.0.0.1').unref();", reason: /^opens a server$/ },
    { bad: "require('http').request = () => {};", reason: /^replaces http\.request$/ },
    { bad: 'globalThis.fetch = async () => {};', reason: /^replaces globalThis\.fetch$/ },
    { bad: "process.on('SIGTERM', () => {});", reason: /^handles 'SIGTERM' of the process$/ },
    { bad: "console.log('hello from bad');", reason: /^prints$/ },
    { bad: "if (!globalThis.fine) throw new Error('not fine');", own: 'C', reason: /^throws: not fine$/ },
    {
      bad: 'exports.mode = process.env.MODE;',
      own: 'A',
      reason: /^reads MODE, which your code sets before$/,
    },
    { bad: 'if (!globalThis.fine) process.exit(7);', own: 'C', reason: /^ends the process$/ },
    { bad: '', own: 'B', reason: /^your code replaces JSON\.parse before it is loaded$/ },
  ];
  const owns: Record<string, string> = {
    A: "process.env.MODE = 'x';",
    C: 'globalThis.fine = true;',
    B: 'const parse = JSON.parse; JSON.parse = (...args) => parse(...args);',
  };
  for (const { bad, own, reason } of hazards) {
    it(`leaves out a package that ${reason.source}`, async (t) => {
      const { host } = await project(t, {
        'index.js':
          `require('good');\n${owns[own ?? ''] ?? ''}\nrequire('bad');\nrequire('after');\n` +
          'const loaded = (name) => Object.keys(require.cache).some((file) => file.includes(name));\n' +
          "exports.handler = async () => loaded('bad') && loaded('after');\n",
        'node_modules/good/index.js': '',
        'node_modules/bad/index.js': bad,
        'node_modules/after/index.js': '',
      });
      await cold(host);
      const record = await prewarmed(host);
      assert.deepEqual([record.status, record.body, record.start?.preloaded], ['ok', 'true', 1]);
      const { preload } = host.registry.get('f').state();
      assert.deepEqual(preload?.packages, ['good']);
      assert.equal(preload.refused[0]?.package, 'bad');
      assert.match(preload.refused[0].reason, reason);
    });
  }

  it('watches what its packages do in calls, as any instance does', async (t) => {
    const { host } = await project(t, {
      'index.js':
        "const later = require('later');\nexports.handler = async (event) => event.open && void later();\n",
      'node_modules/later/index.js':
        'const keep = setTimeout;\nmodule.exports = () => keep(() => {}, 60000);\n',
    });
    await cold(host);
    await host.registry.get('f').pool.prepareSpare();
    const record = await invoke(host, 'f', { open: true }, 'prewarmed');
    assert.equal(record.start?.preloaded, 1);
    assert.match(record.warnings?.[0]?.text ?? '', /timer|setTimeout/i);
  });

  it('is replaced when a package that it holds has changed', async (t) => {
    const { host, write } = await project(t, {
      'index.js': "exports.handler = async () => require('good');\nrequire('good');\n",
      'node_modules/good/index.js': "module.exports = 'old';\n",
    });
    await cold(host);
    assert.equal((await prewarmed(host)).body, '"old"');
    await host.registry.get('f').pool.prepareSpare();
    write('node_modules/good/index.js', "module.exports = 'new!';\n");
    const record = await invoke(host, 'f', {}, 'prewarmed');
    assert.equal(record.body, '"new!"');
  });

  it('knows the packages of an ES module, and what an earlier host has learned', async (t) => {
    const { host, root } = await project(t, {
      'index.mjs':
        "import { word } from 'good';\nimport './own.mjs';\nexport const handler = async () => word + globalThis.order;\n",
      'own.mjs': "import 'other';\n",
      'node_modules/good/index.mjs': "globalThis.order = 'g';\nexport const word = 'es';\n",
      'node_modules/good/package.json': '{ "name": "good", "version": "1.0.0", "exports": "./index.mjs" }',
      'node_modules/other/index.js': "globalThis.order += 'o';\n",
    });
    writeFileSync(
      join(root, 'node_modules/good/package.json'),
      '{ "name": "good", "version": "1.0.0", "exports": "./index.mjs" }',
    );
    assert.equal((await cold(host)).body, '"esgo"');
    await host.close('another one follows');
    const next = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
    try {
      const record = await prewarmed(next);
      const { preload } = next.registry.get('f').state();
      assert.deepEqual(preload, { packages: ['good', 'other'], refused: [] });
      assert.deepEqual([record.status, record.body, record.start?.preloaded], ['ok', '"esgo"', 2]);
    } finally {
      await next.close('test ended');
    }
  });
});
