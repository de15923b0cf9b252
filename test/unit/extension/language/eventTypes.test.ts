import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeActionParams } from 'vscode-languageserver/node';
import { englishTexts } from '../../../../extension/language/messages.ts';
import { documentOf } from '../../../../extension/language/server/diagnostics.ts';
import { eventTypeFixes } from '../../../../extension/language/server/eventTypes/eventTypeFixes.ts';
import { eventTypesOf } from '../../../../extension/language/server/eventTypes/eventTypes.ts';
import { HandlerExports } from '../../../../extension/language/server/handlerExports.ts';
import { HandlerFinder } from '../../../../extension/language/server/handlers.ts';
import { toUri } from '../../../../extension/language/server/paths.ts';
import { Workspace } from '../../../../extension/language/server/workspace.ts';
import type { OtherTrigger, TriggerDefinition } from '../../../../runtime/model/functionDefinition.ts';
import { httpTrigger } from '../../../support/checkRules.ts';
import { memoryFiles } from '../../../support/memoryFiles.ts';

const aws = '/p/node_modules/@types/aws-lambda/package.json';

/** Quick fixes at the first `event` of a handler, by title, with the text that comes of each. */
function fixes(name: string, text: string, project: string, more: Record<string, string> = { [aws]: '{}' }) {
  const file = `/p/${name}`;
  const files = memoryFiles({ '/p/porchlight.yaml': project, [file]: text, ...more });
  const exports = new HandlerExports(files);
  const workspace = new Workspace(files, exports);
  workspace.addFolder('/p');
  const document = documentOf(file, files);
  const at = document.positionAt(text.lastIndexOf('event', text.indexOf('=>')));
  const params = { textDocument: { uri: toUri(file) }, range: { start: at, end: at } };
  const finder = new HandlerFinder(files, exports);
  const found = eventTypeFixes(
    params as CodeActionParams,
    workspace.state('/p'),
    file,
    finder,
    files,
    englishTexts,
  );
  return found.map(({ title, edit }) => {
    const changes = edit!.changes![toUri(file)]!.map(({ range, newText }) => ({
      start: document.offsetAt(range.start),
      end: document.offsetAt(range.end),
      newText,
    }));
    const after = changes
      .sort((a, b) => b.start - a.start)
      .reduce((now, { start, end, newText }) => now.slice(0, start) + newText + now.slice(end), text);
    return { title, after };
  });
}

const api = (platform = 'aws-lambda', triggers = '[{ http: { path: /x } }]'): string =>
  `functions:\n  hello: { handler: index.handler, platform: ${platform}, triggers: ${triggers} }\n`;

test('TypeScript gets an annotation and an import', () => {
  const text = `import x from './x';\n\nexport const handler = async (event, context) => x(event);\n`;
  const [fix] = fixes('index.ts', text, api());
  const type = /type (\w+)$/.exec(fix!.title)![1];
  assert.equal(
    fix!.after,
    `import x from './x';\nimport type { ${type} } from 'aws-lambda';\n\nexport const handler = async (event: ${type}, context) => x(event);\n`,
  );
  const [bare] = fixes('index.ts', 'export const handler = async event => event;\n', api());
  assert.match(bare!.after, /^import type .*;\nexport const handler = async \(event: \w+\) => event;\n$/);
});

test('JavaScript gets a comment, or a line in the one that is there', () => {
  const tag = /@param \{import\('aws-lambda'\)\.\w+\} event/;
  const [alone] = fixes('index.js', 'exports.handler = async (event) => event;\n', api());
  assert.match(alone!.after, new RegExp(`^/\\*\\* ${tag.source} \\*/\\nexports.handler`));
  const [line] = fixes('index.js', '/** Answers. */\nexports.handler = async (event) => event;\n', api());
  assert.match(line!.after, new RegExp(`^/\\*\\*\\n \\* Answers\\.\\n \\* ${tag.source}\\n \\*/\\nexports`));
  const long = '/**\n * Answers.\n */\nexports.handler = async (event) => event;\n';
  assert.match(
    fixes('index.js', long, api())[0]!.after,
    new RegExp(`^/\\*\\*\\n \\* Answers\\.\\n \\* ${tag.source}\\n \\*/`),
  );
});

test('nothing is offered where a type is known, or none can be found', () => {
  const known = [
    'export const handler = async (event: X) => event;\n',
    'export const handler: Handler = async (event) => event;\n',
    'export const handler = (async (event) => event) satisfies Handler;\n',
  ];
  for (const text of known) assert.deepEqual(fixes('index.ts', text, api()), [], text);
  const told = '/** @param {X} event */\nexports.handler = async (event) => event;\n';
  assert.deepEqual(fixes('index.js', told, api()), []);
  const typed = '/** @type {Handler} */\nexports.handler = async (event) => event;\n';
  assert.deepEqual(fixes('index.js', typed, api()), []);
  assert.deepEqual(fixes('index.ts', 'export const handler = async (event) => event;\n', api(), {}), []);
  assert.deepEqual(
    fixes('index.ts', 'export const handler = async (event) => event;\n', api('aws-lambda', '[]')),
    [],
  );
});

test('Function Compute hands over bytes', () => {
  const [fix] = fixes('index.js', 'exports.handler = async (event) => event;\n', api('aliyun-fc'), {});
  assert.equal(fix!.after, '/** @param {Buffer} event */\nexports.handler = async (event) => event;\n');
});

test('types by trigger', () => {
  const other = (kind: OtherTrigger['kind'], config = {}): TriggerDefinition => ({ kind, name: 'x', config });
  const cases: [TriggerDefinition, string | undefined][] = [
    [httpTrigger('rest-api'), 'APIGatewayProxyEvent'],
    [httpTrigger('http-api'), 'APIGatewayProxyEventV2'],
    [httpTrigger('function-url'), 'LambdaFunctionURLEvent'],
    [other('timer'), 'ScheduledEvent'],
    [other('storage'), 'S3Event'],
    [other('queue', { type: 'SQS' }), 'SQSEvent'],
    [other('event', { type: 'SNS' }), 'SNSEvent'],
    [other('event', { type: 'DynamoDB' }), 'DynamoDBStreamEvent'],
    [other('event', { type: 'stream', arn: 'arn:aws:kinesis:…' }), 'KinesisStreamEvent'],
    [other('event', { type: 'EventBridgeRule' }), 'EventBridgeEvent<string, unknown>'],
    [other('event', { type: 'Unheard' }), undefined],
  ];
  for (const [trigger, expected] of cases)
    assert.deepEqual(
      eventTypesOf('aws-lambda', [trigger]).map(({ name }) => name),
      expected === undefined ? [] : [expected],
    );
  assert.deepEqual(eventTypesOf('knative', [httpTrigger('knative')]), []);
});
