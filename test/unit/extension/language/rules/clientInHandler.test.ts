import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed, marked } from '../../../../support/checkRules.ts';

const rule = 'client-in-handler';

const wrong: [name: string, text: string, marked: string][] = [
  [
    'AWS SDK 3',
    `import { S3Client } from '@aws-sdk/client-s3';
export const handler = async (event) => {
  const s3 = new S3Client({ region: process.env.AWS_REGION });
  return s3.send(event);
};`,
    '3: new S3Client',
  ],
  [
    'AWS SDK 3 with commands as methods',
    `import { DynamoDB } from '@aws-sdk/client-dynamodb';
export async function handler(event) {
  const db = new DynamoDB({});
  return db.getItem(event);
}`,
    '3: new DynamoDB',
  ],
  [
    'AWS SDK 2',
    `const AWS = require('aws-sdk');
exports.handler = async () => {
  const db = new AWS.DynamoDB.DocumentClient();
  return db.scan({ TableName: 'x' }).promise();
};`,
    '3: new AWS.DynamoDB.DocumentClient',
  ],
  [
    'a pool in a helper that the handler calls',
    `import pg from 'pg';
const rows = async () => {
  const pool = new pg.Pool({ connectionString: process.env.URL });
  return (await pool.query('select 1')).rows;
};
export const handler = async () => rows();`,
    '3: new pg.Pool',
  ],
  [
    'a connection within try',
    `const mysql = require('mysql2/promise');
module.exports.handler = async () => {
  try {
    const connection = await mysql.createConnection({ host: 'db' });
    return await connection.query('select 1');
  } finally {}
};`,
    '4: mysql.createConnection',
  ],
  [
    'a client of Function Compute users',
    `const OSS = require('ali-oss');
exports.handler = async (event, context) => {
  const store = new OSS({ region: 'oss-cn-hangzhou', bucket: 'b' });
  return store.list();
};`,
    '3: new OSS',
  ],
  [
    'a wrapped handler',
    `import middy from '@middy/core';
import { SQSClient } from '@aws-sdk/client-sqs';
export const handler = middy(async () => {
  const sqs = new SQSClient({});
  await sqs.send({});
}).use({});`,
    '4: new SQSClient',
  ],
];

for (const [name, text, expected] of wrong) {
  test(`made each time: ${name}`, () => assert.deepEqual(marked(rule, text), [expected]));
}

const right: [name: string, text: string][] = [
  [
    'at module level',
    `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nexports.handler = async () => s3;`,
  ],
  [
    'lazily, once',
    `import { S3Client } from '@aws-sdk/client-s3';
let client;
export const handler = async () => { client ??= new S3Client({}); return client; };`,
  ],
  [
    'lazily, behind a condition',
    `const { MongoClient } = require('mongodb');
let cached = null;
exports.handler = async () => {
  if (!cached) { const client = new MongoClient('x'); await client.connect(); cached = client; }
  return cached;
};`,
  ],
  [
    'a helper that returns what is there',
    `const mongoose = require('mongoose');
let connection = null;
async function connect() {
  if (connection) return connection;
  connection = await mongoose.connect('x');
  return connection;
}
exports.handler = async () => connect();`,
  ],
  [
    'a helper whose result is kept',
    `import Redis from 'ioredis';
const make = () => new Redis('x');
let redis;
export const handler = async () => { redis = redis ?? make(); return redis.get('a'); };`,
  ],
  [
    'with credentials of the invocation',
    `const OSS = require('ali-oss');
exports.handler = async (event, context) => {
  const { accessKeyId } = context.credentials;
  const store = new OSS({ accessKeyId, region: 'x' });
  return store.list();
};`,
  ],
  [
    'for the connection that the event names',
    `const AWS = require('aws-sdk');
exports.handler = async (event) => {
  const api = new AWS.ApiGatewayManagementApi({ endpoint: event.requestContext.domainName });
  return api.postToConnection({}).promise();
};`,
  ],
  [
    'commands, errors and credentials',
    `import { S3Client, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import AWS from 'aws-sdk';
const s3 = new S3Client({});
export const handler = async () => {
  const chain = new AWS.EnvironmentCredentials('AWS');
  if (!chain) throw new S3ServiceException({});
  return s3.send(new PutObjectCommand({}));
};`,
  ],
  [
    'a class of the same name that is none',
    `import { Client } from './client.js';\nexport const handler = async () => new Client();`,
  ],
  [
    'in a function that nothing here calls',
    `const AWS = require('aws-sdk');\nexports.make = () => new AWS.S3();\nexports.handler = async () => 1;`,
  ],
  [
    'imported within the handler',
    `export const handler = async () => {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({});
};`,
  ],
];

for (const [name, text] of right) test(`left alone: ${name}`, () => assert.deepEqual(marked(rule, text), []));

test('a process for each invocation has nothing to keep a client for', () => {
  assert.deepEqual(marked(rule, wrong[0]![1], { model: 'ephemeral' }), []);
});

test('the fix moves the statement before the function', () => {
  const text = `import { S3Client } from '@aws-sdk/client-s3';

// Answers.
export const handler = async (event) => {
  const s3 = new S3Client({
    region: 'eu-central-1',
  });
  return s3.send(event);
};
`;
  assert.equal(
    fixed(rule, text),
    `import { S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client({
  region: 'eu-central-1',
});

// Answers.
export const handler = async (event) => {
  return s3.send(event);
};
`,
  );
});

const unfixed: [name: string, body: string][] = [
  ['a client that is closed', `const s3 = new S3Client({});\n  s3.destroy();`],
  ['a name that is used elsewhere', `const s3 = new S3Client({});\n  { const s3 = 1; use(s3); }\n  use(s3);`],
  ['no statement of its own', `return new S3Client({}).send(event);`],
  ['several in one', `const s3 = new S3Client({}), other = 1;\n  use(s3, other);`],
  ['a variable that is assigned', `let s3 = new S3Client({});\n  use(s3);`],
];

for (const [name, body] of unfixed) {
  test(`no fix: ${name}`, () => {
    const text = `import { S3Client } from '@aws-sdk/client-s3';\nexport const handler = async (event) => {\n  ${body}\n};`;
    assert.equal(marked(rule, text).length, 1);
    assert.equal(fixed(rule, text), undefined);
  });
}
