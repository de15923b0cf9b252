import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed, marked } from '../../../../support/checkRules.ts';

const rule = 'not-awaited';
const handler = (body: string, before = ''): string =>
  `${before}exports.handler = async (event, context, callback) => {\n  ${body}\n};`;

const wrong: [name: string, text: string, marked: string][] = [
  ['fetch', handler('fetch(event.url);\n  return 1;'), '2: fetch'],
  ['an async function of the file', handler('save(event);', 'async function save(e) {}\n'), '3: save'],
  ['a chain', handler('fetch(event.url).then((answer) => log(answer));'), '2: fetch(event.url).then'],
  ['axios', handler(`axios.post('https://x', event);`, `const axios = require('axios');\n`), `3: axios.post`],
  [
    'a command of AWS SDK 3',
    handler(
      'client.send(new PutItemCommand({}));',
      `const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');\nconst client = new DynamoDBClient({});\n`,
    ),
    '4: client.send',
  ],
  ['a request of AWS SDK 2', handler('s3.putObject({}).promise();'), '2: s3.putObject({}).promise'],
  [
    'forEach',
    handler('event.Records.forEach(async (each) => {\n    await save(each);\n  });'),
    '2: event.Records.forEach',
  ],
  ['Promise.all', handler('Promise.all(event.map(save));'), '2: Promise.all'],
  ['in a helper', handler('await run();', 'async function run() {\n  fetch("x");\n}\n'), '2: fetch'],
  [
    'files',
    handler('writeFile("/tmp/x", "");', `const { writeFile } = require('node:fs/promises');\n`),
    '3: writeFile',
  ],
];

for (const [name, text, expected] of wrong) {
  test(`nothing waits: ${name}`, () => assert.deepEqual(marked(rule, text), [expected]));
}

const right: [name: string, text: string][] = [
  ['awaited', handler('await fetch(event.url);')],
  ['returned', handler('return fetch(event.url);')],
  ['kept for later', handler('const all = event.map((each) => fetch(each));\n  await Promise.all(all);')],
  ['meant so', handler('void fetch(event.url);')],
  ['an ordinary function', handler('save(event);', 'function save(e) {}\n')],
  ['an unknown function', handler('save(event);')],
  ['a function of another name', handler('const fetch = () => 1;\n  fetch();')],
  ['forEach without waiting', handler('event.forEach(async (each) => { list.push(each); });')],
  ['forEach of ordinary functions', handler('event.forEach((each) => list.push(each));')],
  ['a chain that answers', handler('fetch(event.url).then((answer) => callback(null, answer));')],
  ['a request of AWS SDK 2 with a callback', handler('s3.putObject({}, callback);')],
  ['listeners', handler('stream.on("data", async (part) => { fetch(part); });\n  await done(stream);')],
  [
    'a callback handler',
    'exports.handler = (event, context, callback) => {\n  fetch(event.url).then(() => callback());\n};',
  ],
  ['at module level', `fetch('https://x');\nexports.handler = async () => 1;`],
  ['a generator', handler('run();', 'async function* run() {}\n')],
];

for (const [name, text] of right) test(`left alone: ${name}`, () => assert.deepEqual(marked(rule, text), []));

test('where the value of a promise is ignored, the callback answers when all is done', () => {
  assert.deepEqual(marked(rule, wrong[0]![1], { platform: 'aliyun-fc', runtimeVersion: 14 }), []);
});

test('the fix waits', () => {
  assert.equal(fixed(rule, wrong[0]![1]), wrong[0]![1].replace('fetch', 'await fetch'));
  assert.equal(
    fixed(rule, handler('event.Records.forEach(async (each) => { await save(each); });')),
    undefined,
  );
});
