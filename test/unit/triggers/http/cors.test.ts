import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CorsSettings } from '../../../../runtime/model/functionDefinition.ts';
import { preflightAnswer, withCors } from '../../../../runtime/triggers/http/cors.ts';

const all: CorsSettings = {
  origins: ['*'],
  methods: ['OPTIONS', 'GET'],
  headers: ['Content-Type'],
  exposed: [],
  credentials: false,
  answers: true,
};
const own = {
  ...all,
  origins: ['https://a.example', 'https://*.b.example'],
  credentials: true,
  maxAgeS: 60,
  exposed: ['X-Id'],
};

const preflights: [what: string, cors: CorsSettings, origin: string | undefined, answer: string][] = [
  ['every origin', all, 'https://x', '204 origin=* methods=OPTIONS,GET headers=Content-Type'],
  [
    'a REST API',
    { ...all, answers: false },
    'https://x',
    '200 origin=* methods=OPTIONS,GET headers=Content-Type',
  ],
  [
    'one of some',
    own,
    'https://a.example',
    '204 origin=https://a.example credentials=true methods=OPTIONS,GET headers=Content-Type age=60',
  ],
  [
    'one below a domain',
    own,
    'https://x.b.example',
    '204 origin=https://x.b.example credentials=true methods=OPTIONS,GET headers=Content-Type age=60',
  ],
  ['none of them', own, 'https://b.example', '204'],
  ['one that only begins like it', own, 'https://a.example.evil', '204'],
  [
    'with credentials every origin is named',
    { ...all, credentials: true },
    'https://x',
    '204 origin=https://x credentials=true methods=OPTIONS,GET headers=Content-Type',
  ],
];

const words: Record<string, string> = {
  'Access-Control-Allow-Origin': 'origin',
  'Access-Control-Allow-Credentials': 'credentials',
  'Access-Control-Allow-Methods': 'methods',
  'Access-Control-Allow-Headers': 'headers',
  'Access-Control-Expose-Headers': 'exposed',
  'Access-Control-Max-Age': 'age',
};

function text(status: number, headers: [string, string][]): string {
  const told = headers.flatMap(([name, value]) => (words[name] ? [`${words[name]}=${value}`] : []));
  return [status, ...told].join(' ');
}

for (const [what, cors, origin, expected] of preflights) {
  test(`preflight: ${what}`, () => {
    const { status, headers } = preflightAnswer(cors, origin);
    assert.equal(text(status, headers), expected);
  });
}

test("answers carry the cloud's headers instead of the function's own", () => {
  const response = {
    status: 200,
    headers: [
      ['Access-Control-Allow-Origin', 'https://mine'],
      ['X-Id', '1'],
    ] as [string, string][],
    body: new Uint8Array(),
  };
  const told = (cors: CorsSettings | undefined, origin?: string) => withCors(response, cors, origin).headers;
  assert.deepEqual(told(all, 'https://x'), [
    ['X-Id', '1'],
    ['Access-Control-Allow-Origin', '*'],
  ]);
  assert.equal(
    text(200, told(own, 'https://a.example')),
    '200 origin=https://a.example credentials=true exposed=X-Id',
  );
  assert.deepEqual(told(own, 'https://other'), [['X-Id', '1']]);
  assert.deepEqual(told(all), [['X-Id', '1']]);
  assert.deepEqual(told({ ...all, answers: false }, 'https://x'), response.headers);
  assert.deepEqual(told(undefined, 'https://x'), response.headers);
});
