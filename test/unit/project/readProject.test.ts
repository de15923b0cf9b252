import assert from 'node:assert/strict';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Project } from '../../../runtime/model/project.ts';
import { environmentFor } from '../../../runtime/project/environment.ts';
import { readProject } from '../../../runtime/project/readProject.ts';
import { functionText, problemText } from '../../support/describeParsed.ts';
import { writeTree } from '../../support/fileTree.ts';
import { tempFolder } from '../../support/tempFolder.ts';

async function read(t: TestContext, files: Record<string, string>): Promise<Project> {
  const root = tempFolder(t);
  writeTree(root, files);
  return readProject(root);
}

/** `name handler folder`, one line per function; folders relative to the root. */
function names(project: Project): string[] {
  return project.functions.map((definition) => {
    const folder = definition.codeRoot.slice(project.root.length + 1).replaceAll('\\', '/') || '.';
    return `${definition.name} ${definition.platform} ${definition.handler} ${folder}`;
  });
}

function problems(project: Project): string[] {
  return project.problems.map((problem) => problemText(problem).replaceAll(project.root, '<root>'));
}

const sam = (handler: string, name = 'Fn') =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n  ${name}:\n    Type: AWS::Serverless::Function\n` +
  `    Properties: { Handler: ${handler}, CodeUri: src }\n`;
const s = (name: string, more = '') =>
  `resources:\n  ${name}:\n    component: fc3\n    props:\n      functionName: ${name}\n      handler: index.handler\n      code: ./code\n${more}`;

test('several kinds of project files coexist, at most three levels deep, outside of skipped folders', async (t) => {
  const project = await read(t, {
    's.yaml': s('root'),
    's.yml': s('ignored'),
    'template.yaml': sam('app.handler'),
    'a/b/c/s.yml': s('deep'),
    'a/b/c/d/s.yaml': s('too-deep'),
    'node_modules/x/s.yaml': s('dependency'),
    '.aws-sam/build/template.yaml': sam('built.handler'),
    'dist/s.yaml': s('built'),
    'other/template.yaml': 'Resources: {}',
  });
  assert.deepEqual(names(project), [
    'root aliyun-fc index.handler code',
    'Fn aws-lambda app.handler src',
    'deep aliyun-fc index.handler a/b/c/code',
  ]);
  assert.deepEqual(problems(project), []);
  assert.deepEqual(
    project.files.map((file) => file.slice(project.root.length + 1).replaceAll('\\', '/')),
    ['s.yaml', 'template.yaml', 'a/b/c/s.yml'],
  );
});

test('names that appear twice are qualified by their folder', async (t) => {
  const http = `      triggers: [{ triggerType: http, triggerName: h, triggerConfig: { methods: [GET] } }]\n`;
  const project = await read(t, { 'one/s.yaml': s('hello', http), 'two/s.yaml': s('hello', http) });
  assert.deepEqual(names(project), [
    'hello aliyun-fc index.handler one/code',
    'two-hello aliyun-fc index.handler two/code',
  ]);
  assert.match(functionText(project.functions[1]!), /GET \/two-hello\/\* mounted at \/two-hello/);
  assert.deepEqual(problems(project), [
    'warning 2:3- FUNCTION_DUPLICATE "hello" is declared more than once; this one is listed as "two-hello". Give it a name of its own.',
  ]);
});

test('porchlight.yaml lies over functions of other files by name or key, and adds its own', async (t) => {
  const project = await read(t, {
    'porchlight.yaml': `functions:
  root:
    process: { model: ephemeral }
    env: { A: over, B: new }
    timeout: 30s
  Fn: { memory: 512MB }
  own: { handler: own.handler }
  rot: { timeout: 5s }
targets: { prod: { type: aliyun-fc } }
`,
    's.yaml': s('root', '      environmentVariables: { A: below, C: kept }\n'),
    'x/template.yaml': sam('app.handler').replace('CodeUri', 'FunctionName: named, CodeUri'),
  });
  const [own, root, named] = project.functions;
  assert.deepEqual([own!.name, root!.name, named!.name], ['own', 'root', 'named']);
  assert.equal(root!.process.model, 'ephemeral');
  assert.equal(root!.process.idleTimeoutMs, 300_000);
  assert.deepEqual(root!.env, { A: 'over', C: 'kept', B: 'new' });
  assert.equal(root!.timeoutMs, 30_000);
  assert.equal(named!.memoryMB, 512);
  assert.deepEqual(project.targets, [{ name: 'prod', type: 'aliyun-fc', settings: { type: 'aliyun-fc' } }]);
  assert.deepEqual(problems(project), [
    'error 8:3- HANDLER_MISSING rot: no handler is given. Add one as file.export, e.g. "index.handler". No other file declares it either; did you mean "root"?',
  ]);
});

const handler = 'export const handler = async (event: unknown): Promise<unknown> => event;\n';

test('a bare folder: handlers by their exports', async (t) => {
  const project = await read(t, {
    'package.json': '{"dependencies":{"ali-oss":"1"}}',
    'src/index.ts': handler,
    'hello/index.mjs': 'export async function handler() {}\nexport const other = 1;\n',
    'common/index.js': 'exports.handler = (event, context, callback) => callback(null, event);\n',
    'common/app.cjs':
      'const handler = () => 1;\nconst main = handler;\nmodule.exports = { handler, main };\n',
    'buffer/main.js': 'exports.main = async (event) => JSON.parse(event.toString());\n',
    'built/handler.ts': handler,
    'built/handler.js': 'exports.handler = 1;\n',
    'broken/index.ts': 'export const handler = (',
    'none/index.js': '// no handler here\nexports.x = 1;\n',
    'test/index.js': 'exports.handler = 1;\n',
    'deep/er/index.js': 'exports.handler = 1;\n',
  });
  const root = project.root.split(/[\\/]/).at(-1)!;
  assert.deepEqual(names(project), [
    'buffer aliyun-fc main.main buffer',
    'built aliyun-fc handler.handler built',
    'common aliyun-fc index.handler common',
    'common-app aliyun-fc app.handler common',
    'common-app-main aliyun-fc app.main common',
    'hello aliyun-fc index.handler hello',
    `${root} aliyun-fc src/index.handler .`,
  ]);
  const built = project.functions.find((definition) => definition.name === 'built')!;
  assert.deepEqual(built.declaredAt, { file: join(project.root, 'built/handler.ts'), line: 1, column: 14 });
});

test('a bare function is taken for Lambda unless something says Function Compute; porchlight.yaml decides', async (t) => {
  const files = { 'index.js': 'exports.handler = async (event) => event;\n' };
  const lambda = await read(t, files);
  assert.equal(lambda.functions[0]!.platform, 'aws-lambda');
  const name = lambda.functions[0]!.name;
  writeTree(lambda.root, { 'porchlight.yaml': `functions: { ${name}: { platform: aliyun-fc } }\n` });
  const [decided] = (await readProject(lambda.root)).functions;
  assert.equal(decided!.platform, 'aliyun-fc');
  assert.equal(decided!.region, 'cn-hangzhou');
});

test('an empty folder says what is looked for', async (t) => {
  const project = await read(t, { 'README.md': 'hello' });
  assert.deepEqual(
    project.problems.map(({ severity, code }) => ({ severity, code })),
    [{ severity: 'info', code: 'PROJECT_NOT_FOUND' }],
  );
});

test('a folder that does not exist is a problem, not a throw', async (t) => {
  const project = await readProject(join(tempFolder(t), 'nowhere'));
  assert.deepEqual(project.functions, []);
  assert.match(problems(project)[0]!, /FILE_UNREADABLE .*ENOENT/);
});

test(
  'an unreadable project file is told, and the others are read',
  { skip: process.getuid?.() === 0 },
  async (t) => {
    const root = tempFolder(t);
    writeTree(root, { 's.yaml': s('hello'), 'template.yaml': sam('a.b') });
    chmodSync(join(root, 's.yaml'), 0);
    const project = await readProject(root);
    assert.deepEqual(names(project), ['Fn aws-lambda a.b src']);
    assert.match(problems(project)[0]!, /FILE_UNREADABLE/);
  },
);

test('environment files: later ones win, and nothing of this process comes along', async (t) => {
  const more = `      environmentVariables: { FILE: from-yaml, EMPTY: "", KEY: "\${env('KEY')}" }\n`;
  const project = await read(t, {
    's.yaml': s('hello', more),
    '.env': 'A=root\nB=root\nC=root\nD=root\nFILE=local\nKEY=secret value # comment\n',
    'code/.env': 'B=code\nC=code\nD=code\n',
    '.env.local': 'C=target\nD=target\n',
    '.env.hello': 'D="function"\n',
    '.env.other': 'D=other\n',
  });
  const { env, files } = await environmentFor(project.functions[0]!, project.root);
  assert.deepEqual(env, {
    FILE: 'local',
    EMPTY: '',
    KEY: 'secret value',
    A: 'root',
    B: 'code',
    C: 'target',
    D: 'function',
  });
  assert.equal(files.length, 4);
  assert.deepEqual(problems(project), [
    'warning 2:3- VARIABLE_MISSING hello: the variable EMPTY has no value on this machine (empty in the project file). Give it one in .env or .env.hello.',
  ]);
  for (const file of files) {
    assert.ok(project.files.includes(file), file);
  }
});

test('a variable that is known only in the cloud is one warning, until .env gives it a value', async (t) => {
  const text = sam('a.b').replace('CodeUri: src', 'Environment: { Variables: { TABLE: !Ref Orders } }');
  const project = await read(t, { 'template.yaml': `${text}  Orders: { Type: AWS::DynamoDB::Table }\n` });
  assert.deepEqual(problems(project), [
    'warning 5:73- VARIABLE_MISSING Fn: the variable TABLE has no value on this machine (!Ref Orders). Give it one in .env or .env.Fn.',
  ]);
  writeTree(project.root, { '.env': 'TABLE=orders-local\n' });
  assert.deepEqual((await readProject(project.root)).problems, []);
});

test('an environment file that is a folder or too large is told without its content', async (t) => {
  const project = await read(t, {
    's.yaml': s('hello'),
    '.env/file': '',
    '.env.hello': `SECRET=${'x'.repeat(1024 * 1024)}`,
  });
  assert.deepEqual(
    project.problems.map((problem) => problem.code),
    ['FILE_UNREADABLE', 'FILE_UNREADABLE'],
  );
  assert.ok(!JSON.stringify(project).includes('xxx'));
});

test('variables that are more than the platform takes give one warning where the function is declared', async (t) => {
  const yaml = (length: number) =>
    `functions:\n  hello: { handler: index.handler, env: { A: ${'x'.repeat(length)} } }\n`;
  const files = (length: number) => ({
    'porchlight.yaml': yaml(length),
    '.env': `B=${'ü'.repeat(1000)}\n`,
    'index.js': 'exports.handler = async () => 1;\n',
  });
  assert.deepEqual(problems(await read(t, files(4096 - 2002))), []);
  assert.deepEqual(problems(await read(t, files(4096 - 2001))), [
    'warning 2:3- LIMIT_EXCEEDED hello: the environment is 4097 bytes; aws-lambda takes at most 4096 bytes, names and values together.',
  ]);
});

test('files that a project file includes are part of the project, and none outside of it are read', async (t) => {
  const project = await read(t, {
    'api/serverless.yml':
      'service: s\nprovider: aws\nfunctions: { f: { handler: a.b, environment: "${file(../env.yml)}" }, g: { handler: a.b, environment: { X: "${file(../../outside.yml):x}" } } }\n',
    'env.yml': 'A: 1',
  });
  assert.deepEqual(project.functions[0]!.env, { A: '1' });
  assert.deepEqual(project.functions[1]!.unresolvedEnv!['X']!.expression, '${file(../../outside.yml):x}');
  assert.ok(project.files.includes(join(project.root, 'env.yml')));
});

test(
  'a link that leads out of the project is not followed',
  { skip: process.platform === 'win32' && 'links take rights there' },
  async (t) => {
    const outside = tempFolder(t);
    writeTree(outside, { 'secret.yml': 'x: secret' });
    const root = tempFolder(t);
    writeTree(root, {
      'serverless.yml':
        'service: s\nprovider: aws\nfunctions: { f: { handler: a.b, environment: { X: "${file(link.yml):x}" } } }\n',
    });
    symlinkSync(join(outside, 'secret.yml'), join(root, 'link.yml'));
    const { functions } = await readProject(root);
    assert.deepEqual(functions[0]!.env, {});
  },
);
