import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, marked } from '../../../../support/checkRules.ts';

const rule = 'module-state';

const wrong: [name: string, text: string, marked: string][] = [
  [
    'a counter that is answered',
    `let count = 0;\nexports.handler = async () => {\n  count++;\n  return { count };\n};`,
    '3: count',
  ],
  [
    'a counter in an expression',
    `let count = 0;\nexports.handler = async () => ({ body: String(++count) });`,
    '2: count',
  ],
  [
    'a sum',
    `let total = 0;\nexports.handler = async (event) => {\n  total += event.amount;\n  return total;\n};`,
    '3: total',
  ],
  [
    'a list that only grows',
    `const seen = [];\nexports.handler = async (event) => {\n  seen.push(event.id);\n  return { seen };\n};`,
    '3: seen',
  ],
  [
    'a database in memory, by routes',
    `const items = {};
exports.handler = async (event) => {
  if (event.httpMethod === 'POST') {
    items[event.id] = event.body;
    return { statusCode: 201 };
  } else {
    return { statusCode: 200, body: items[event.id] };
  }
};`,
    '4: items',
  ],
  [
    'a map that another helper reads',
    `const sessions = new Map();
const login = (event) => { sessions.set(event.user, Date.now()); };
const check = (event) => sessions.get(event.user);
exports.handler = async (event) => (event.login ? login(event) : check(event));`,
    '2: sessions',
  ],
];

for (const [name, text, expected] of wrong) {
  test(`state: ${name}`, () => assert.deepEqual(marked(rule, text), [expected]));
}

const right: [name: string, text: string][] = [
  [
    'a flag of the cold start',
    `let cold = true;\nexports.handler = async () => { const was = cold; cold = false; return was; };`,
  ],
  [
    'a counter for the log',
    `let count = 0;\nexports.handler = async () => { count++; console.log('call', count); };`,
  ],
  [
    'a lazy client',
    `let client;\nexports.handler = async () => { if (!client) client = make(); return client.get(); };`,
  ],
  [
    'a cache in a map',
    `const cache = new Map();
exports.handler = async (event) => {
  const hit = cache.get(event.id);
  if (hit) return hit;
  const value = await load(event.id);
  cache.set(event.id, value);
  return value;
};`,
  ],
  [
    'a cache behind a condition',
    `const known = {};\nexports.handler = async ({ id }) => { if (!known[id]) { known[id] = await load(id); } return known[id]; };`,
  ],
  [
    'a token with its end',
    `let token; let until = 0;
exports.handler = async () => {
  if (Date.now() > until) { token = await fetchToken(); until = Date.now() + 1000; }
  return token;
};`,
  ],
  [
    'a list that is emptied first',
    `let rows = [];\nexports.handler = async () => { rows = []; rows.push(1); return rows; };`,
  ],
  [
    'a list that is emptied at the end',
    `const batch = [];\nexports.handler = async (e) => { batch.push(e); const all = batch.splice(0); return all; };`,
  ],
  [
    'a list that a helper may empty',
    `const batch = [];\nexports.handler = async (e) => { batch.push(e); await send(batch); };`,
  ],
  [
    'what is filled at module level',
    `const routes = [];\nroutes.push(1);\nexports.handler = async () => routes;`,
  ],
  ['a list of the handler', `exports.handler = async () => { const all = []; all.push(1); return all; };`],
  [
    'a count of connections',
    `let open = 0;\nexports.handler = async () => { const pool = make(); pool.on('connect', () => open++); return { open }; };`,
  ],
  [
    'options of a library',
    `const config = {};\nexports.handler = async () => { config.verbose = true; return config; };`,
  ],
  [
    'what another export changes',
    `let count = 0;\nexports.other = () => { count++; };\nexports.handler = async () => count;`,
  ],
];

for (const [name, text] of right) test(`left alone: ${name}`, () => assert.deepEqual(marked(rule, text), []));

test('one kept instance has one state', () => {
  assert.deepEqual(marked(rule, wrong[0]![1], { maxInstances: 1 }), []);
});

test('what is told follows the process model', () => {
  const [ephemeral] = findings(rule, wrong[0]![1], { model: 'ephemeral', maxInstances: 1 });
  assert.match(ephemeral!.message, /begins in a new process/);
  const [resident] = findings(rule, wrong[0]![1]);
  assert.match(resident!.message, /may run in 10 instances at once/);
});
