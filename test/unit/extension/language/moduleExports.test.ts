import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModuleExports } from '../../../../extension/language/server/moduleExports.ts';

/** Exports as text: each name with the words at its place, then what else is known. */
function render(text: string, fileName = '/p/a.ts'): string {
  const { names, stars, open } = readModuleExports(fileName, text);
  const parts = [...names].map(([name, { start, end, from }]) => {
    const line = text.slice(0, start).split('\n').length;
    const origin = from ? ` from ${from.module}#${from.name}` : '';
    return `${name}@${line}:${text.slice(start, end).split('\n')[0]}${origin}`;
  });
  return [...parts, ...stars.map((module) => `* from ${module}`), ...(open ? ['open'] : [])].join(', ');
}

test('ES modules', () => {
  const cases: [string, string][] = [
    ['export function handler() {}', 'handler@1:handler'],
    ['export const handler = async () => {}, other = 1;', 'handler@1:handler, other@1:other'],
    ['export class handler {}\nexport enum Kind { A }', 'handler@1:handler, Kind@2:Kind'],
    ['export const { a, b: [c] } = x;', 'a@1:a, c@1:c'],
    ['const handler = 1;\nexport { handler, handler as main };', 'handler@1:handler, main@1:handler'],
    ["export { handler } from './x.js';", 'handler@1:handler from ./x.js#handler'],
    ["export { default as handler } from './x';", 'handler@1:handler from ./x#default'],
    ["export * from './x';\nexport * as y from './y';", 'y@2:y, * from ./x'],
    ['export default async function handler() {}', 'default@1:handler'],
    ['const handler = 1;\nexport default handler;', 'default@1:handler'],
    ['export interface A {}\nexport type B = 1;\nexport declare const c: number;', ''],
    ["export type { A } from './a';\nexport { type B, c } from './b';", 'c@2:c from ./b#c'],
    ['export const handler: Handler = wrap(async (event) => event);', 'handler@1:handler'],
    ['const x = 1;', ''],
    ['', ''],
  ];
  for (const [text, expected] of cases) assert.equal(render(text), expected, text);
});

test('CommonJS', () => {
  const cases: [string, string][] = [
    ['exports.handler = async () => {};', 'handler@1:handler'],
    ['module.exports.handler = () => {};', 'handler@1:handler'],
    ["exports['handler'] = 1;", "handler@1:'handler'"],
    ['exports.a = exports.b = 1;', 'a@1:a, b@1:b'],
    [
      'async function handler() {}\nmodule.exports = { handler, other: handler };',
      'handler@1:handler, other@1:handler',
    ],
    ['module.exports = { async handler(event) {}, get x() { return 1; } };', 'handler@1:handler, x@1:x'],
    ["module.exports = { 'a-b': 1, ...rest };", "a-b@1:'a-b', open"],
    ['module.exports = async () => {};', ''],
    ['const f = () => {};\nf.handler = () => {};\nmodule.exports = f;', 'handler@2:handler'],
    ['const api = { a: 1 };\napi.b = 2;\nmodule.exports = api;', 'a@1:a, b@2:b'],
    ["module.exports = require('./x');", '* from ./x'],
    ["module.exports = { ...require('./x'), a: 1 };", 'a@1:a, * from ./x'],
    ['module.exports = createServer();', 'open'],
    ['if (x) { exports.handler = 1; }', 'handler@1:handler'],
    ["Object.defineProperty(exports, '__esModule', { value: true });", ''],
    ["Object.defineProperty(exports, 'handler', { get: f });", "handler@1:'handler'"],
    ['Object.assign(module.exports, { handler: 1 });', 'handler@1:handler'],
    ['install(exports);', 'open'],
    [
      'Object.defineProperty(exports, "__esModule", { value: true });\nexports.handler = void 0;\nconst handler = 1;\nexports.handler = handler;\n__exportStar(require("./x"), exports);',
      'handler@3:handler, * from ./x',
    ],
    [
      'module.exports = __toCommonJS(src_exports);\n0 && (module.exports = { handler });',
      'handler@2:handler, open',
    ],
  ];
  for (const [text, expected] of cases) assert.equal(render(text, '/p/a.js'), expected, text);
});

test('half-typed code keeps its names and says that there may be more', () => {
  const cases: [string, string][] = [
    ['export const handler = async (e) => {\n  return e.\n};', 'handler@1:handler, open'],
    ['export async function handler(event: {', 'handler@1:handler, open'],
    ['exports.handler = async (e', 'handler@1:handler, open'],
    ['export const a = 1;\nexport { ', 'a@1:a, open'],
    ['}{', 'open'],
  ];
  for (const [text, expected] of cases) assert.equal(render(text), expected, text);
});

test('JSX and other extensions are parsed by their own rules', () => {
  assert.equal(render('export const handler = () => <p>hi</p>;', '/p/a.tsx'), 'handler@1:handler');
  assert.equal(render('export const handler = () => <p>hi</p>;', '/p/a.js'), 'handler@1:handler');
  assert.equal(render('export const handler = <T>(x: T) => x;', '/p/a.mts'), 'handler@1:handler');
});
