import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pythonLines } from '../../../../../extension/language/server/rules/python/lines.ts';
import type { RuleId } from '../../../../../extension/language/server/rules/ruleIds.ts';
import { fixed, marked } from '../../../../support/checkRules.ts';

const python = { language: 'python' };
const found = (rule: RuleId, text: string): string[] => marked(rule, text, python, '/p/index.py');

test('lines of Python', () => {
  const text = 'a = "#" # b\nif x:\n\tc = (1,\n  2) \\\n + 3\n"""d\ne"""\nf = \'\\\'\'\n';
  assert.deepEqual(
    pythonLines(text).map(({ code, indent }) => `${indent}|${code.replace(/ +/g, ' ')}`),
    ['0|a = "_"', '0|if x:', '8|c = (1, 2) + 3', '0|"_______"', `0|f = '__'`],
  );
});

test('clients that are made each time', () => {
  const text = `import boto3\n\ndef handler(event, context):\n    s3 = boto3.client('s3')\n    return s3.list_buckets()\n`;
  assert.deepEqual(found('client-in-handler', text), ['4: boto3.client']);
  assert.equal(
    fixed('client-in-handler', text, python, '/p/index.py'),
    `import boto3\n\ns3 = boto3.client('s3')\n\n\ndef handler(event, context):\n    return s3.list_buckets()\n`,
  );
  const helper = `import psycopg2\nimport os\ndef rows():\n    c = psycopg2.connect(os.environ['URL'])\n    return c\n    x = 1\ndef handler(event, context):\n    return rows()\n`;
  assert.deepEqual(found('client-in-handler', helper), ['4: psycopg2.connect']);
});

test('clients that are not', () => {
  const silent = [
    `import boto3\ns3 = boto3.client('s3')\ndef handler(event, context):\n    return s3\n`,
    `import boto3\nclient = None\ndef handler(event, context):\n    global client\n    if client is None:\n        client = boto3.client('s3')\n    return client\n`,
    `import boto3\ndef handler(event, context):\n    return boto3.client('s3', region_name=event['region'])\n`,
    `import boto3\ndef handler(event, context):\n    creds = assume(event)\n    s3 = boto3.client('s3', aws_access_key_id=creds['id'])\n    return s3\n`,
    `import boto3\ncache = {}\ndef handler(event, context):\n    if 's3' not in cache:\n        cache['s3'] = boto3.client('s3')\n    return cache['s3']\n`,
    `import boto3\ndef other():\n    return boto3.client('s3')\ndef handler(event, context):\n    return 1\n`,
    `def handler(event, context):\n    return "boto3.client('s3')" # boto3.client('s3')\n`,
  ];
  for (const text of silent) assert.deepEqual(found('client-in-handler', text), [], text);
});

test('state of the module', () => {
  const counter = `count = 0\ndef handler(event, context):\n    global count\n    count += 1\n    return {'count': count}\n`;
  assert.deepEqual(found('module-state', counter), ['4: count']);
  const list = `seen = []\ndef handler(event, context):\n    seen.append(event['id'])\n    return seen\n`;
  assert.deepEqual(found('module-state', list), ['3: seen']);
  const silent = [
    counter.replace(`return {'count': count}`, 'print(count)'),
    counter.replace('count += 1', 'count = 0\n    count += 1'),
    list.replace('seen.append', 'seen.clear()\n    seen.append'),
    list.replace('seen = []\n', '').replace('    seen.append', '    seen = []\n    seen.append'),
    `cache = {}\ndef handler(event, context):\n    if event['id'] not in cache:\n        cache[event['id']] = load()\n    return cache\n`,
  ];
  for (const text of silent) assert.deepEqual(found('module-state', text), [], text);
});

test('work that nothing waits for', () => {
  const thread = `import threading\ndef handler(event, context):\n    t = threading.Thread(target=work)\n    t.start()\n    return 1\n`;
  assert.deepEqual(found('not-awaited', thread), ['4: t.start()']);
  assert.deepEqual(found('not-awaited', thread.replace('return 1', 't.join()\n    return 1')), []);
  const coroutine = `async def save(event):\n    pass\ndef handler(event, context):\n    save(event)\n    return 1\n`;
  assert.deepEqual(found('not-awaited', coroutine), ['4: save']);
  assert.deepEqual(
    found('not-awaited', coroutine.replace('    save(event)', '    asyncio.run(save(event))')),
    [],
  );
});
