import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeActionParams } from 'vscode-languageserver/node';
import { projectFilePattern } from '../../../../extension/language/messages.ts';
import { handlerFixes } from '../../../../extension/language/server/codeActions.ts';
import { handlerLenses } from '../../../../extension/language/server/codeLenses.ts';
import { handlerDefinition } from '../../../../extension/language/server/definition.ts';
import { documentOf, folderDiagnostics } from '../../../../extension/language/server/diagnostics.ts';
import { HandlerExports } from '../../../../extension/language/server/handlerExports.ts';
import { HandlerFinder } from '../../../../extension/language/server/handlers.ts';
import { toUri } from '../../../../extension/language/server/paths.ts';
import { readOptions } from '../../../../extension/language/server/options.ts';
import { projectFileFormats } from '../../../../runtime/model/projectFiles/index.ts';
import { Workspace } from '../../../../extension/language/server/workspace.ts';
import { memoryFiles } from '../../../support/memoryFiles.ts';

/** A workspace folder `/p` in memory, and what the server says about it, as text. */
function folder(texts: Record<string, string>) {
  const files = Object.fromEntries(Object.entries(texts).map(([name, text]) => [`/p/${name}`, text]));
  const lookup = memoryFiles(files);
  const exports = new HandlerExports(lookup);
  const finder = new HandlerFinder(lookup, exports);
  const workspace = new Workspace(lookup, exports);
  workspace.addFolder('/p');
  const diagnosticsOf = (name: string) =>
    folderDiagnostics(workspace.state('/p'), finder, lookup).get(`/p/${name}`) ?? [];
  return {
    edit(name: string, text: string) {
      const isNew = !(`/p/${name}` in files);
      files[`/p/${name}`] = text;
      workspace.changed(`/p/${name}`, isNew);
    },
    diagnosticsOf,
    diagnostics(name: string): string[] {
      const document = documentOf(`/p/${name}`, lookup);
      return diagnosticsOf(name).map(
        ({ range, message, code }) =>
          `${range.start.line + 1} '${document.getText(range)}' ${code}: ${message}`,
      );
    },
    lenses(name: string): string[] {
      const lenses = handlerLenses(
        workspace.state('/p'),
        `/p/${name}`,
        finder,
        lookup,
        readOptions(undefined),
      );
      return lenses.map(({ range, command }) => {
        const [argument] = command!.arguments as { function: string; folder: string }[];
        return `${range.start.line + 1} ${command!.title}: ${command!.command} ${argument!.function}`;
      });
    },
    definition(name: string, marker: string): string[] {
      const offset = files[`/p/${name}`]!.indexOf(marker);
      const position = documentOf(`/p/${name}`, lookup).positionAt(offset);
      const links = handlerDefinition(workspace.state('/p'), `/p/${name}`, position, finder, lookup);
      return links.map(
        ({ targetUri, targetRange: { start } }) => `${targetUri} ${start.line + 1}:${start.character + 1}`,
      );
    },
    fixes(name: string): string[] {
      const diagnostics = diagnosticsOf(name);
      const params = {
        textDocument: { uri: toUri(`/p/${name}`) },
        context: { diagnostics },
      } as unknown as CodeActionParams;
      const document = documentOf(`/p/${name}`, lookup);
      return handlerFixes(params).map(({ title, edit }) => {
        const [change] = edit!.changes![toUri(`/p/${name}`)]!;
        return `${title}: ${document.getText(change!.range)} → ${change!.newText}`;
      });
    },
  };
}

const fc = (handler: string, name = 'hello', code = './'): string => `
  ${name}:
    component: fc3
    props:
      functionName: ${name}
      runtime: nodejs20
      code: ${code}
      handler: ${handler}
`;
const sFile = (...functions: string[]): string =>
  `edition: 3.0.0\nname: app\nresources:${functions.join('')}`;
const lambda = (name: string, handler: string, more = ''): string => `  ${name}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ./
      Runtime: nodejs22.x
      Handler: ${handler}
${more}`;
const template = (...functions: string[]): string =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n${functions.join('')}`;

test('a handler that leads to code is no problem', () => {
  const { diagnostics } = folder({
    's.yaml': sFile(fc('index.handler'), fc('src/a.main', 'a')),
    'index.js': 'exports.handler = () => 1;',
    'src/a.ts': 'export const main = () => 1;',
  });
  assert.deepEqual(diagnostics('s.yaml'), []);
});

test('a missing module is told at the handler, with the nearest one as a fix', () => {
  const { diagnostics, fixes } = folder({
    's.yaml': sFile(fc('ordres.handler'), fc('"quite/else.handler"', 'b')),
    'orders.ts': 'export const handler = 1;',
    'unlike.ts': '',
  });
  assert.deepEqual(diagnostics('s.yaml'), [
    "10 'ordres.handler' MODULE_MISSING: Module 'ordres' is missing. Did you mean \"orders\"?",
    "18 'quite/else.handler' MODULE_MISSING: Module 'quite/else' is missing. Correct the handler or the code folder.",
  ]);
  assert.deepEqual(fixes('s.yaml'), ['Change to "orders.handler": ordres.handler → orders.handler']);
});

test('a missing export is told with the nearest one, through re-exports', () => {
  const { diagnostics, fixes, edit } = folder({
    'template.yaml': template(
      lambda('A', 'index.handlr'),
      lambda('B', 'barrel.lambda'),
      lambda('C', 'open.any'),
    ),
    'index.ts': 'export const handler = 1, other = 2;',
    'barrel.ts': "export * from './index.js';",
    'open.js': 'module.exports = createHandlers();',
  });
  assert.deepEqual(diagnostics('template.yaml'), [
    "8 'index.handlr' EXPORT_MISSING: Handler 'handlr' is missing on module 'index.ts'. Did you mean \"handler\"?",
    "14 'barrel.lambda' EXPORT_MISSING: Handler 'lambda' is missing on module 'barrel.ts'. Export it, or correct the handler.",
  ]);
  assert.deepEqual(fixes('template.yaml'), ['Change to "index.handler": index.handlr → index.handler']);
  edit('index.ts', 'export const handlr = 1;\nexport const lambda = 2;');
  assert.deepEqual(diagnostics('template.yaml'), []);
});

test('code that is being typed causes no alarm', () => {
  const { diagnostics, edit } = folder({
    's.yaml': sFile(fc('index.handler')),
    'index.ts': 'export const handler = () => 1;',
  });
  edit('index.ts', 'export const hand = (');
  assert.deepEqual(diagnostics('s.yaml'), []);
});

test('a fix for the module takes the export along that is there', () => {
  const { fixes } = folder({ 's.yaml': sFile(fc('indx.handler')), 'index.ts': 'export const main = 1;' });
  assert.deepEqual(fixes('s.yaml'), ['Change to "index.main": indx.handler → index.main']);
});

test("a reader's problems are told where they are", () => {
  const { diagnostics } = folder({
    'porchlight.yaml': 'functions:\n  a:\n    handler: index.handler\n    memmory: 1GB\n',
    'index.js': 'exports.handler = 1;',
  });
  assert.equal(diagnostics('porchlight.yaml').length, 1);
  assert.match(
    diagnostics('porchlight.yaml')[0]!,
    /^4 'memmory.*' SETTING_UNKNOWN: .*did you mean "memory"\?/,
  );
});

test('broken YAML is one problem, and solving it leaves none', () => {
  const { diagnosticsOf, edit } = folder({
    's.yaml': 'resources:\n  a: {',
    'index.js': 'exports.handler = 1;',
  });
  assert.ok(diagnosticsOf('s.yaml').length >= 1);
  edit('s.yaml', sFile(fc('index.handler')));
  assert.deepEqual(diagnosticsOf('s.yaml'), []);
});

test('lenses stand above handlers, for every function they belong to', () => {
  const { lenses } = folder({
    'template.yaml': template(
      lambda('A', 'index.handler'),
      lambda('B', 'index.handler'),
      lambda('C', 'index.other'),
    ),
    'index.ts': '// hello\nconst handler = 1;\nexport const other = 2;\nexport { handler };\n',
  });
  assert.deepEqual(lenses('index.ts'), [
    '2 Invoke A: porchlight.invoke A',
    '2 Debug A: porchlight.debugInvoke A',
    '2 Deploy A: porchlight.deploy A',
    '2 Invoke B: porchlight.invoke B',
    '2 Debug B: porchlight.debugInvoke B',
    '2 Deploy B: porchlight.deploy B',
    '3 Invoke: porchlight.invoke C',
    '3 Debug: porchlight.debugInvoke C',
    '3 Deploy: porchlight.deploy C',
  ]);
  assert.deepEqual(lenses('template.yaml'), []);
});

test('PHP: lenses without debugging, names that are missing, and files that may hold more', () => {
  const { lenses, diagnostics, edit } = folder({
    's.yaml':
      'edition: 3.0.0\nresources:\n  a:\n    component: fc3\n    props:\n      functionName: greet\n      runtime: php7.2\n      handler: index.handelr\n',
    'index.php': '<?php\n\nfunction handler($event, $context)\n{\n    return "1";\n}\n',
  });
  assert.match(diagnostics('s.yaml').join('\n'), /8 'index\.handelr' EXPORT_MISSING: .*"handler"/);
  edit('index.php', '<?php\n\nrequire "more.php";\n');
  assert.deepEqual(diagnostics('s.yaml'), []);
  edit('index.php', '<?php\n\nfunction handelr($event, $context) {}\n');
  assert.deepEqual(lenses('index.php'), [
    '3 Invoke: porchlight.invoke greet',
    '3 Deploy: porchlight.deploy greet',
  ]);
});

test('lenses of a folder without project files', () => {
  const { lenses, edit } = folder({
    'index.js': 'exports.helper = 1;\nexports.handler = 2;',
    'mail/handler.ts': 'export const main = 1;',
    'tests/index.js': 'exports.handler = 1;',
  });
  assert.deepEqual(lenses('index.js'), [
    '2 Invoke: porchlight.invoke p',
    '2 Debug: porchlight.debugInvoke p',
    '2 Deploy: porchlight.deploy p',
  ]);
  assert.deepEqual(lenses('mail/handler.ts'), [
    '1 Invoke: porchlight.invoke mail',
    '1 Debug: porchlight.debugInvoke mail',
    '1 Deploy: porchlight.deploy mail',
  ]);
  assert.deepEqual(lenses('tests/index.js'), []);
  edit('porchlight.yaml', 'functions:\n  p:\n    process: { model: ephemeral }\n');
  assert.equal(lenses('index.js').length, 3, 'an overlay over a bare function');
  edit('s.yaml', sFile(fc('index.handler', 'named')));
  assert.deepEqual(lenses('index.js')[0], '2 Invoke: porchlight.invoke named');
});

test('an overlay that moves a handler is checked where it stands', () => {
  const { diagnostics, lenses, definition } = folder({
    's.yaml': sFile(fc('gone.handler')),
    'porchlight.yaml': 'functions:\n  hello:\n    handler: src/index.handler\n',
    'src/index.ts': 'export const handler = 1;',
  });
  assert.deepEqual([diagnostics('s.yaml'), diagnostics('porchlight.yaml')], [[], []]);
  assert.equal(lenses('src/index.ts').length, 3);
  assert.deepEqual(definition('porchlight.yaml', 'src/index'), [`${toUri('/p/src/index.ts')} 1:14`]);
});

test('from the handler string to the code', () => {
  const { definition } = folder({
    's.yaml': sFile(fc('index.handler'), fc('open.any', 'b'), fc('index.handlr', 'c'), fc('none.x', 'd')),
    'index.ts': "export { run as handler } from './run.js';",
    'run.ts': '\nexport function run() {}',
    'open.js': 'module.exports = create();',
  });
  assert.deepEqual(definition('s.yaml', 'index.handler'), [`${toUri('/p/run.ts')} 2:17`]);
  assert.deepEqual(definition('s.yaml', 'open.any'), [`${toUri('/p/open.js')} 1:1`]);
  assert.deepEqual(definition('s.yaml', 'index.handlr'), [`${toUri('/p/index.ts')} 1:1`]);
  assert.deepEqual(definition('s.yaml', 'none.x'), []);
  assert.deepEqual(definition('s.yaml', 'component'), []);
});

test('sources of bundles and of compiled output are found', () => {
  const { diagnostics, lenses } = folder({
    'template.yaml': template(
      lambda(
        'A',
        'orders.handler',
        '    Metadata:\n      BuildMethod: esbuild\n      BuildProperties:\n        EntryPoints: [src/orders.ts]\n',
      ),
      lambda('B', 'dist/b.handler'),
    ),
    'src/orders.ts': 'export const handler = 1;',
    'src/b.ts': 'export const handler = 1;',
    'tsconfig.json': '{"compilerOptions":{"rootDir":"src","outDir":"dist"}}',
  });
  assert.deepEqual(diagnostics('template.yaml'), []);
  assert.equal(lenses('src/orders.ts').length, 3);
  assert.equal(lenses('src/b.ts').length, 3);
});

test('a thousand functions take no time to speak of', () => {
  const count = 1000;
  const { diagnosticsOf } = folder({
    's.yaml': sFile(...Array.from({ length: count }, (_, i) => fc(`index.h${i}`, `f${i}`))),
    'index.js': Array.from({ length: count }, (_, i) => `exports.h${i} = 1;`).join('\n'),
  });
  const started = performance.now();
  assert.deepEqual(diagnosticsOf('s.yaml'), []);
  assert.ok(performance.now() - started < 3000);
});

test('the editor is asked for every kind of project file', () => {
  const [, names] = /^\*\*\/\{(.+)\}$/.exec(projectFilePattern)!;
  assert.deepEqual(names!.split(',').sort(), projectFileFormats.flatMap(({ fileNames }) => fileNames).sort());
});

test('functions in files that a serverless.yml includes are checked where they stand, and anew when those change', () => {
  const { diagnostics, edit } = folder({
    'serverless.yml': 'service: s\nprovider: aws\nfunctions: ${file(functions.yml)}\n',
    'functions.yml': 'hello:\n  handler: indx.hello\n',
    'index.js': 'exports.hello = 1;',
  });
  assert.deepEqual(diagnostics('functions.yml'), [
    `2 'indx.hello' MODULE_MISSING: Module 'indx' is missing. Did you mean "index"?`,
  ]);
  edit('functions.yml', 'hello:\n  handler: index.hello\n');
  assert.deepEqual(diagnostics('functions.yml'), []);
});
