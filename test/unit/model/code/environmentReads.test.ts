import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentUse } from '../../../../runtime/model/code/environmentReads.ts';
import { isKnownVariable } from '../../../../runtime/model/code/knownVariables.ts';

/** `NAME` for what has to be there, `!NAME` where the code itself demands it, `NAME?` for what may be missing. */
function readsOf(text: string): string {
  const shown = { plain: (name: string) => name, demanded: (name: string) => `!${name}` } as const;
  return environmentUse(text)
    .reads.map(({ name, use }) =>
      use === 'optional' ? `${name}?` : use === 'shown' ? `${name}~` : shown[use](name),
    )
    .join(' ');
}

const cases: [code: string, expected: string][] = [
  // Ways of naming a variable.
  ['client.send(process.env.TABLE)', 'TABLE'],
  ['x(process.env[\'TABLE\'], process.env["B"], process.env[`C`])', 'TABLE B C'],
  ['process?.env?.TABLE.trim()', 'TABLE'],
  ['globalThis.process.env.TABLE.trim()', 'TABLE'],
  ['x(`https://${process.env.HOST}/${`${process.env.B}`}`)', 'HOST B'],
  ['const url: string = process.env.URL!; use(url)', 'URL'],
  ['const url = process.env.URL as string; use(url)', 'URL'],
  ['send({ TableName: process.env.TABLE })', 'TABLE'],
  ['export const t = () => process.env.TABLE;', 'TABLE'],
  ['class A { readonly table = process.env.TABLE; run() { return query(this.table); } }', 'TABLE'],
  ['const { A, B: b, "C": c } = process.env; use(A, b, c)', 'A B C'],
  ['const env = process.env;\nuse(env.A, env["B"])', 'A B'],
  ['import { env } from "node:process"; use(env.A)', 'A'],
  ['import { env as e } from "process"; use(e.A)', 'A'],
  ['const { env } = require("process"); const { A } = env; use(A)', 'A'],
  ['const { env } = process; use(env.A)', 'A'],
  ['new Client(Number(process.env.PORT_A), parseInt(process.env.B, 10))', 'PORT_A B'],
  ['fetch(process.env.URL, { method: "GET" })', 'URL'],
  ['path.join(process.env.DIR, "x")', 'DIR'],
  // The code demands it.
  ['if (!process.env.A) throw new Error("A")', '!A'],
  ['if (!process.env.A || !process.env.B) {\n  throw new Error();\n}', '!A !B'],
  ['const a = process.env.A;\nif (!a) { throw new Error(); }\nuse(a ?? 1)', '!A'],
  ['const { A } = process.env; if (!A) throw new Error();', '!A'],
  ['assert(process.env.A, "A is needed")', '!A'],
  ['assert.ok(process.env.A)', '!A'],
  // The code provides for its absence.
  ["const a = process.env.A ?? 'x'", 'A?'],
  ["const a = process.env.A || 'x'", 'A?'],
  ["const a = (process.env.A as string) || 'x'", 'A?'],
  ["const a = process.env['A']! || 'x'", 'A?'],
  ['const a = Number(process.env.A) || 3', 'A?'],
  ['const a = parseInt(process.env.A as string, 10) || 3', 'A?'],
  ['const a = options.a ?? process.env.A', 'A?'],
  ['use(process.env.A || process.env.B)', 'A? B?'],
  ['process.env.A ? x() : y()', 'A?'],
  ['use(isProduction ? process.env.A : process.env.B)', 'A? B?'],
  ['if (process.env.A) x(process.env.A)', 'A? A'],
  ['if (process.env.A && other) x()', 'A?'],
  ['if (!process.env.A) return;', 'A?'],
  ['const on = !!process.env.A', 'A?'],
  ['const on = Boolean(process.env.A)', 'A?'],
  ["const on = process.env.A === 'true'", 'A?'],
  ["const on = 'yes' !== process.env.A", 'A?'],
  ['if (typeof process.env.A === "string") x()', 'A?'],
  ["if ('A' in process.env) x()", 'A?'],
  ['delete process.env.A', 'A?'],
  ['process.env.A?.split(",")', 'A?'],
  ["if (['a', 'b'].includes(process.env.A)) x()", 'A?'],
  ['switch (process.env.A) { case "x": }', 'A?'],
  ["const { A = 'x', B: b = 1 } = process.env", 'A? B?'],
  ['function f(a = process.env.A) {}', 'A?'],
  ["const a = process.env.A;\nconst b = a ?? 'x';", 'A?'],
  ["const { STAGE } = process.env; const stage = STAGE || 'dev';", 'STAGE?'],
  ['const a = process.env.A\nif (a) { x(a) }', 'A?'],
  ["const config = { a: process.env.A };\nuse(config.a || 'x')", 'A?'],
  ["class C { a = process.env.A; b() { return this.a ?? 'x'; } }", 'A?'],
  ["getEnv(process.env.A, 'x')", 'A?'],
  ['toBoolean(process.env.A, false)', 'A?'],
  ['if (process.env.IS_LOCAL) { client({ endpoint: process.env.ENDPOINT }) }', 'IS_LOCAL? ENDPOINT?'],
  ["process.env.A ||= 'x'", 'A?'],
  ['console.log("a", process.env.A)', 'A~'],
  // No variables at all.
  ['// process.env.A\n/* process.env.B */', ''],
  ['const a = "process.env.A"; const b = `process.env.B`;', ''],
  ['const a = /process.env.A[\'"`]/; x(process.env.B)', 'B'],
  ['a.process.env.A; my.env.B; import.meta.env.C', ''],
  ['function f(env) { return env.A }', ''],
  ['const env = process.env; function f(env) { return env.A } f({})', ''],
  ['schema.parse(process.env); start({ ...process.env })', ''],
  ['process.env[name]; process.env.hasOwnProperty("A"); process.env.toString()', ''],
  ["process.env.A = 'x'", ''],
  ['x({ env: process.env })', ''],
  // What is odd must not spoil the rest.
  ["const page = <p>don't {process.env.A} </p>;\nuse(process.env.B)", 'B'],
  ['const half = "unfinished\nuse(process.env.A)', 'A'],
  ['#!/usr/bin/env node\nuse(process.env.A)', 'A'],
  ['const a = b / c; use(process.env.A / 2)', 'A'],
  ['use(process.env.A', 'A'],
  ['}}} use(process.env.A)', 'A'],
  ['const { A', ''],
];

for (const [code, expected] of cases) {
  test(`reads of ${JSON.stringify(code)}`, () => assert.equal(readsOf(code), expected));
}

const setters: [code: string, writes: string[], others: boolean][] = [
  ["process.env.A = 'x'; process.env['B'] ??= 'y'", ['A', 'B'], false],
  ['process.env[name] = value', [], true],
  ['Object.assign(process.env, await load())', [], true],
  ["require('dotenv').config({ path: '.env.local' })", [], true],
  ["require('dotenv').config()", [], false],
  ["import 'dotenv-flow/config'", [], false],
  ["import 'dotenv-flow/config'; process.env.A", [], true],
  ['process.loadEnvFile("x")', [], true],
];

for (const [code, writes, others] of setters) {
  test(`what ${JSON.stringify(code)} sets`, () => {
    const use = environmentUse(code);
    assert.deepEqual([use.writes, use.writesOthers], [writes, others]);
  });
}

test('places count from 1, and cover the expression on its first line', () => {
  const { reads } = environmentUse('\n  use(process.env.TABLE,\n process\n  .env.B)');
  assert.deepEqual(
    reads.map(({ name, line, column, endColumn }) => [name, line, column, endColumn]),
    [
      ['TABLE', 2, 7, 24],
      ['B', 3, 2, 10],
    ],
  );
});

test('modules a file loads', () => {
  const code = `import a from './a.js'; export * from "./b"; import './c'; await import('./d'); require('./e'); x('./f')`;
  assert.deepEqual(environmentUse(code).modules, ['./a.js', './b', './c', './d', './e']);
});

test('variables of systems, clouds and tools are known', () => {
  const known = [
    'PATH',
    'NODE_ENV',
    'AWS_REGION',
    'FC_REGION',
    'npm_package_version',
    'https_proxy',
    'TZ',
    'CI',
  ];
  assert.deepEqual(known.filter(isKnownVariable), known);
  assert.deepEqual(['TABLE', 'DATABASE_URL', 'API_KEY', 'FCM_KEY'].filter(isKnownVariable), []);
});

test('a large file is read to its end', () => {
  const code =
    'if (process.env.A) { const { B } = process.env; use(`${B} ${process.env.C}`, /x[/]"/); }\n'.repeat(3000);
  assert.equal(environmentUse(code).reads.length, 9000);
});
