import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CodeActionParams, TextDocumentEdit, TextEdit } from 'vscode-languageserver/node';
import { documentOf } from '../../../../extension/language/server/diagnostics.ts';
import { eventTypeFixes } from '../../../../extension/language/server/eventTypes/eventTypeFixes.ts';
import { eventTypesOf } from '../../../../extension/language/server/eventTypes/eventTypes.ts';
import { fcEventsText } from '../../../../extension/language/server/eventTypes/fcEvents.ts';
import { HandlerExports } from '../../../../extension/language/server/handlerExports.ts';
import { HandlerFinder } from '../../../../extension/language/server/handlers.ts';
import { typescript } from '../../../../extension/language/server/parser.ts';
import { toUri } from '../../../../extension/language/server/paths.ts';
import { Workspace } from '../../../../extension/language/server/workspace.ts';
import type { OtherTrigger, TriggerDefinition } from '../../../../runtime/model/functionDefinition.ts';
import { httpTrigger } from '../../../support/checkRules.ts';
import { writeTree } from '../../../support/fileTree.ts';
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
  const found = eventTypeFixes(params as CodeActionParams, workspace.state('/p'), file, finder, files);
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

test('what Function Compute’s bytes hold has types of ours, in a file that is made beside the handler', () => {
  const handler = (type = '', comment = ''): string =>
    `exports.handler = async (event) => {\n  ${comment}const order${type} = JSON.parse(event.toString());\n  return order;\n};\n`;
  const text = handler();
  const files: Record<string, string> = { '/p/porchlight.yaml': api('aliyun-fc'), '/p/index.js': text };
  const offered = () => {
    const lookup = memoryFiles(files);
    const exports = new HandlerExports(lookup);
    const workspace = new Workspace(lookup, exports);
    workspace.addFolder('/p');
    const position = documentOf('/p/index.js', lookup).positionAt(files['/p/index.js']!.indexOf('order') + 1);
    const params = { textDocument: { uri: toUri('/p/index.js') }, range: { start: position, end: position } };
    const finder = new HandlerFinder(lookup, exports);
    return eventTypeFixes(params as CodeActionParams, workspace.state('/p'), '/p/index.js', finder, lookup);
  };
  const [fix] = offered();
  assert.equal(fix!.title, 'Give the event the type HttpEvent');
  const changes = fix!.edit!.documentChanges!;
  assert.deepEqual(
    changes.map((each) => ('kind' in each ? `${each.kind} ${(each as { uri: string }).uri}` : 'edit')),
    ['create file:///p/fc-events.d.ts', 'edit', 'edit'],
  );
  const [edit] = (changes[2] as TextDocumentEdit).edits as TextEdit[];
  assert.equal(edit!.newText, `/** @type {import('./fc-events.d.ts').HttpEvent} */\n  `);
  files['/p/fc-events.d.ts'] = fcEventsText;
  assert.deepEqual(Object.keys(offered()[0]!.edit!), ['changes']);
  files['/p/index.js'] = handler('', '/** @type {X} */ ');
  assert.deepEqual(offered(), []);
});

test('our types compile, and are found from modules of any kind', () => {
  const use = (name: string): string => `import type { ${name} } from './fc-events.d.ts';
export const handler = async (bytes: { toString(): string }) => {
  const event: ${name} = JSON.parse(bytes.toString());
  return event;
};
`;
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-types-'));
  try {
    const names = [
      'HttpEvent',
      'TimerEvent',
      'OssEvent',
      'LogEvent',
      'CdnEvent',
      'MnsTopicEvent',
      'EventBridgeEvents',
    ];
    writeTree(folder, {
      'fc-events.d.ts': fcEventsText,
      ...Object.fromEntries(names.map((name) => [`${name}.ts`, use(name)])),
    });
    const ts = typescript();
    const { NodeNext } = ts.ModuleKind;
    const options = { module: NodeNext, strict: true, noEmit: true, types: [], lib: ['lib.es2022.d.ts'] };
    const program = ts.createProgram(
      names.map((name) => join(folder, `${name}.ts`)),
      options,
    );
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    assert.deepEqual(messages, []);
  } finally {
    rmSync(folder, { recursive: true });
  }
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
