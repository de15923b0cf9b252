import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, marked } from '../../../../support/checkRules.ts';

/* Rules about what is around a handler: process, variables, files, packages, time. */

const handler = (body: string, before = ''): string =>
  `${before}exports.handler = async (event) => {\n  ${body}\n};`;

test('process.exit in a handler and what it calls', () => {
  assert.deepEqual(marked('process-exit', handler('if (!event) process.exit(1);')), ['2: process.exit']);
  assert.deepEqual(marked('process-exit', handler('stop();', 'function stop() { process.abort(); }\n')), [
    '1: process.abort',
  ]);
  const silent = [
    handler('return 1;', `process.on('SIGTERM', () => process.exit(0));\n`),
    handler('return 1;', 'if (require.main === module) { main(); process.exit(0); }\nfunction main() {}\n'),
    handler('const process = { exit() {} };\n  process.exit();'),
    handler('machine.exit(1); this.process.exit();'),
    handler('return 1;', 'exports.cli = () => process.exit(1);\n'),
  ];
  for (const text of silent) assert.deepEqual(marked('process-exit', text), [], text);
});

test('variables that nothing gives', () => {
  const text = handler('return use(process.env.TABLE, process.env.TABLE);');
  assert.deepEqual(marked('env-not-given', text), ['2: process.env.TABLE', '2: process.env.TABLE']);
  assert.equal(findings('env-not-given', text)[0]!.variable, 'TABLE');
  assert.deepEqual(
    marked('env-not-given', handler('const { A, B } = process.env; use(A, B);'), {
      environment: new Set(['A']),
    }),
    ['2: B'],
  );
});

test('variables that need not be given', () => {
  const silent = [
    `use(process.env.TABLE ?? 'orders');`,
    `if (process.env.TABLE) use(process.env.TABLE);`,
    'use(process.env.AWS_REGION, process.env.HOME, process.env.MY_REGION);',
    `process.env.TABLE = 'x';\n  use(process.env.TABLE);`,
    'console.log(process.env.TABLE);',
    'use(env.TABLE);',
  ];
  for (const body of silent) assert.deepEqual(marked('env-not-given', handler(body)), [], body);
  const text = handler('use(process.env.TABLE);');
  assert.deepEqual(marked('env-not-given', text, { environment: new Set(['TABLE']) }), []);
  assert.deepEqual(marked('env-not-given', text, { environmentIsOpen: true }), []);
});

const fs = `const fs = require('fs');\nconst path = require('node:path');\n`;
const line = (text: string): string => text.split('\n')[0]!;

test('files that are not deployed', () => {
  const outside = [
    `fs.readFileSync('../config.json');`,
    `fs.readFileSync(path.join(__dirname, '..', 'config.json'));`,
    'fs.readFileSync(`${__dirname}/../config.json`);',
    `fs.promises.readFile('/home/me/config.json');`,
    `fs.createReadStream('C:\\\\config.json');`,
    `fs.readFileSync(new URL('../config.json', import.meta.url));`,
    `fs.readFileSync(path.resolve(process.cwd(), '../config.json'));`,
  ];
  for (const body of outside) assert.equal(marked('file-outside-package', handler(body, fs)).length, 1, body);
  const atStart = `${fs}const config = fs.readFileSync(path.join(__dirname, '../config.json'));\nexports.handler = async () => config;`;
  assert.equal(
    line(marked('file-outside-package', atStart)[0]!),
    `3: path.join(__dirname, '../config.json')`,
  );
});

test('files that are', () => {
  const inside = [
    `fs.readFileSync('./config.json');`,
    `fs.readFileSync(path.join(__dirname, 'config.json'));`,
    `fs.readFileSync(path.join(__dirname, 'a', '..', 'config.json'));`,
    `fs.readFileSync('/tmp/x'); fs.readFileSync('/opt/layer.json'); fs.readFileSync('/mnt/efs/x');`,
    `fs.readFileSync(path.join(__dirname, event.file));`,
    `fs.writeFileSync('../x', '');`,
    `read('../x');`,
  ];
  for (const body of inside) assert.deepEqual(marked('file-outside-package', handler(body, fs)), [], body);
  const text = handler(`fs.readFileSync(path.join(__dirname, '../config.json'));`, fs);
  assert.deepEqual(
    marked('file-outside-package', text, { runsInPlace: false }),
    [],
    'a bundle lies elsewhere',
  );
  assert.deepEqual(marked('file-outside-package', text, {}, '/p/src/index.js'), [], 'below the code folder');
});

test('packages that one branch uses', () => {
  const one = handler(
    `if (event.pdf) return puppeteer.launch();\n  return 1;`,
    `const puppeteer = require('puppeteer');\n`,
  );
  assert.deepEqual(marked('lazy-import', one), [`1: const puppeteer = require('puppeteer');`]);
  const helper = `import sharp from 'sharp';
const resize = (x) => sharp(x).resize(1);
export const handler = async (event) => {
  switch (event.kind) {
    case 'image': return resize(event);
    default: return 1;
  }
};`;
  assert.deepEqual(marked('lazy-import', helper), [`1: import sharp from 'sharp';`]);
});

test('packages that are needed anyway, or weigh little', () => {
  const required = `const puppeteer = require('puppeteer');\n`;
  const silent = [
    handler('return puppeteer.launch();', required),
    handler('if (event.a) return puppeteer.launch();\n  return puppeteer.version;', required),
    handler('if (event.a) return puppeteer.launch();\n  else return puppeteer.version;', required),
    handler('if (event.a) return browser;', `${required}const browser = puppeteer.launch();\n`),
    handler(
      'if (event.a) return make();\n  return make();',
      `${required}const make = () => puppeteer.launch();\n`,
    ),
    handler('if (event.a) return uuid();', `const { v4: uuid } = require('uuid');\n`),
    handler('if (event.a) return require("puppeteer");'),
  ];
  for (const text of silent) assert.deepEqual(marked('lazy-import', text), [], text);
});

test('a measured cost decides over a list', () => {
  const text = handler('if (event.a) return z.parse(event);', `const z = require('zod/v4');\n`);
  const [found] = findings('lazy-import', text, { importCosts: new Map([['zod', 84.4]]) });
  assert.match(found!.message, /^Loading zod\/v4 takes 84 ms of every cold start of hello/);
  assert.deepEqual(marked('lazy-import', text, { importCosts: new Map([['zod', 4]]) }), []);
  const heavy = handler(
    'if (event.a) return puppeteer.launch();',
    `const puppeteer = require('puppeteer');\n`,
  );
  assert.deepEqual(marked('lazy-import', heavy, { importCosts: new Map([['puppeteer', 4]]) }), []);
});

test('pauses longer than the time-out', () => {
  const sleep = 'const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n';
  const long: [string, string?][] = [
    ['await new Promise((resolve) => setTimeout(resolve, 5000));'],
    ['await new Promise((resolve) => { setTimeout(() => resolve(1), 5 * 1000); });'],
    ['await sleep(10_000);', sleep],
    ['await sleep(LONG);', `${sleep}const LONG = 4 * 1000;\n`],
    ['await setTimeout(3000);', `const { setTimeout } = require('timers/promises');\n`],
    ['await wait();', 'function wait() { return new Promise((done) => setTimeout(done, 9000)); }\n'],
  ];
  for (const [body, before] of long)
    assert.equal(marked('timeout-too-short', handler(body, before)).length, 1, body);
  const short: [string, string?][] = [
    ['await sleep(2999);', sleep],
    ['await sleep(event.ms);', sleep],
    ['setTimeout(() => {}, 10000);'],
    ['await Promise.race([run(), sleep(10000)]);', sleep],
    ['await fetch(event.url, { signal: AbortSignal.timeout(10000) });'],
  ];
  for (const [body, before] of short)
    assert.deepEqual(marked('timeout-too-short', handler(body, before)), [], body);
  assert.deepEqual(
    marked('timeout-too-short', handler('await sleep(10_000);', sleep), { timeoutMs: 30_000 }),
    [],
  );
  assert.match(
    findings('timeout-too-short', handler('await sleep(10_000);', sleep))[0]!.message,
    /waits for 10 s, but hello has 3 s/,
  );
});
