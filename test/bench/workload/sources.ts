/*
 * The two functions of the benchmark, as every host runs them: `hello`, and `heavy` with what many functions of today
 * bring along. The answer names the version of the source, so that nobody can answer with old code unnoticed.
 */

/** How a host wants a handler written: its source, of the function's name and the expression of its answer. */
export type HandlerShape = (name: string, result: string) => string;

/** Packages `heavy` loads, and one use of each. */
const heavyImports = `const { S3Client } = require('@aws-sdk/client-s3');
const lodash = require('lodash');
const zod = require('zod');
const axios = require('axios');
const uuid = require('uuid');
const client = new S3Client({ region: 'eu-central-1' });
const input = zod.object({ items: zod.array(zod.number()) });
const http = axios.create({ baseURL: 'http://127.0.0.1' });
const work = () => {
  const { items } = input.parse({ items: lodash.range(10) });
  return [lodash.sum(items), uuid.v4().length, typeof client.send, typeof http.get].join();
};
`;

/** The text in the answer of a version, and in no other version's. */
export function answerOf(version: number): string {
  return `v${String(version).padStart(6, '0')}`;
}

/** Source of `hello` in a version. */
export function helloSource(shape: HandlerShape, version: number): string {
  return shape('hello', `{ ok: true, v: '${answerOf(version)}' }`);
}

/** Source of `heavy` in a version, with its packages still to be found in `node_modules`. */
export function heavySource(shape: HandlerShape, version: number): string {
  return heavyImports + shape('heavy', `{ ok: work(), v: '${answerOf(version)}' }`);
}

/** AWS Lambda, and whoever follows it; the answer is the result itself. */
export const lambdaShape: HandlerShape = (_, result) => `exports.handler = async () => (${result});\n`;

/** AWS Lambda behind an HTTP API. */
export const httpLambdaShape: HandlerShape = (_, result) =>
  `exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(${result}) });\n`;
