import assert from 'node:assert/strict';
import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test, type TestContext } from 'node:test';
import {
  createConnection,
  createProtocolConnection,
  CodeLensRequest,
  CompletionRequest,
  CodeActionRequest,
  ConfigurationRequest,
  DefinitionRequest,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentSymbolRequest,
  FileChangeType,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  RenameRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type CompletionList,
  type Diagnostic,
  type LocationLink,
  type MarkupContent,
  type TextDocumentClientCapabilities,
} from 'vscode-languageserver/node';
import { toUri } from '../../../../extension/language/server/paths.ts';
import { startServer } from '../../../../extension/language/server/server.ts';
import { plain, useTranslator } from '../../../../runtime/support/l10n.ts';
import { writeTree } from '../../../support/fileTree.ts';
import { tempFolder } from '../../../support/tempFolder.ts';

/** A client and the server over streams in memory, for a folder on the disk. */
function session(t: TestContext, files: Record<string, string>) {
  const root = realpathSync(tempFolder(t));
  writeTree(root, files);
  const [up, down] = [new PassThrough(), new PassThrough()];
  startServer(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)), {
    debounceMs: 1,
  });
  const client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  t.after(() => client.dispose());
  const waiting = new Map<string, (diagnostics: Diagnostic[]) => void>();
  client.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) =>
    waiting.get(uri)?.(diagnostics),
  );
  const registered: string[] = [];
  let onRegistered = (): void => {};
  const untilRegistered = (method: string): Promise<void> =>
    new Promise((resolve) => {
      onRegistered = () => void (registered.includes(method) && resolve());
      onRegistered();
    });
  client.onRequest(RegistrationRequest.type, ({ registrations }) => {
    registered.push(...registrations.map(({ method }) => method));
    onRegistered();
  });
  client.listen();
  const uri = (name: string): string => toUri(join(root, name));
  const nextDiagnostics = (name: string): Promise<Diagnostic[]> =>
    new Promise((resolve) => waiting.set(uri(name), resolve));
  const initialize = async ({
    workspace = {},
    textDocument = {},
    locale,
  }: { workspace?: object; textDocument?: TextDocumentClientCapabilities; locale?: string } = {}) => {
    const result = await client.sendRequest(InitializeRequest.type, {
      processId: null,
      rootUri: null,
      ...(locale !== undefined && { locale }),
      capabilities: {
        textDocument,
        workspace: {
          workspaceFolders: true,
          didChangeWatchedFiles: { dynamicRegistration: true },
          ...workspace,
        },
      },
      workspaceFolders: [{ uri: toUri(root), name: 'p' }],
      initializationOptions: { rulePages: 'file:///pages' },
    });
    await client.sendNotification(InitializedNotification.type, {});
    return result;
  };
  return { root, client, uri, nextDiagnostics, initialize, registered, untilRegistered };
}

const yaml = `edition: 3.0.0
resources:
  hello:
    component: fc3
    props: { functionName: hello, runtime: nodejs20, code: ./, handler: index.handlr }
`;

test('a session over the protocol', { timeout: 20_000 }, async (t) => {
  const { root, client, uri, nextDiagnostics, initialize, registered } = session(t, {
    's.yaml': yaml,
    'index.ts': 'export const handler = () => 1;\n',
  });
  const first = nextDiagnostics('s.yaml');
  const { capabilities } = await initialize();
  assert.equal(capabilities.definitionProvider, true);
  const [missing] = await first;
  assert.equal(missing!.code, 'EXPORT_MISSING');
  assert.deepEqual(registered, ['workspace/didChangeWatchedFiles']);

  const [fix] = (await client.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: uri('s.yaml') },
    range: missing!.range,
    context: { diagnostics: [missing!] },
  }))!;
  assert.equal(fix!.title, 'Change to "index.handler"');

  const open = (name: string, languageId: string, text: string) =>
    client.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri: uri(name), languageId, version: 1, text },
    });
  const solved = nextDiagnostics('s.yaml');
  await open('s.yaml', 'yaml', yaml.replace('handlr', 'handler'));
  assert.deepEqual(await solved, []);

  const [link] = (await client.sendRequest(DefinitionRequest.type, {
    textDocument: { uri: uri('s.yaml') },
    position: missing!.range.start,
  })) as LocationLink[];
  assert.equal(link!.targetUri, uri('index.ts'));

  const lenses = () => client.sendRequest(CodeLensRequest.type, { textDocument: { uri: uri('index.ts') } });
  assert.deepEqual(
    (await lenses())!.map(({ command }) => [command!.title, command!.command, command!.arguments]),
    [
      ['Invoke', 'porchlight.invoke', [{ function: 'hello', folder: root }]],
      ['Debug', 'porchlight.debugInvoke', [{ function: 'hello', folder: root }]],
      ['Deploy', 'porchlight.deploy', [{ function: 'hello', folder: root }]],
    ],
  );

  await open('index.ts', 'typescript', 'export const handler = () => 1;\n');
  const unsaved = nextDiagnostics('s.yaml');
  await client.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri: uri('index.ts'), version: 2 },
    contentChanges: [
      { range: { start: { line: 0, character: 13 }, end: { line: 0, character: 20 } }, text: 'renamed' },
    ],
  });
  assert.equal((await unsaved)[0]!.code, 'EXPORT_MISSING');
  assert.deepEqual(await lenses(), []);
});

test('files that come and go are noticed', { timeout: 20_000 }, async (t) => {
  const { root, client, uri, nextDiagnostics, initialize } = session(t, { 's.yaml': yaml });
  const first = nextDiagnostics('s.yaml');
  await initialize();
  assert.equal((await first)[0]!.code, 'MODULE_MISSING');
  const changed = (name: string, type: FileChangeType) =>
    client.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [{ uri: uri(name), type }] });

  let next = nextDiagnostics('s.yaml');
  writeTree(root, { 'index.js': 'exports.handlr = () => 1;' });
  await changed('index.js', FileChangeType.Created);
  assert.deepEqual(await next, []);

  next = nextDiagnostics('other/s.yaml');
  writeTree(root, { 'other/s.yaml': yaml.replaceAll('hello', 'other') });
  await changed('other/s.yaml', FileChangeType.Created);
  assert.equal((await next)[0]!.code, 'MODULE_MISSING');

  next = nextDiagnostics('other/s.yaml');
  rmSync(join(root, 'other'), { recursive: true });
  await changed('other/s.yaml', FileChangeType.Deleted);
  assert.deepEqual(await next, []);
});

test('rules look at open files, by the settings, and at measured imports', { timeout: 20_000 }, async (t) => {
  const { root, client, uri, nextDiagnostics, initialize } = session(t, {
    'porchlight.yaml': 'functions: { hello: { handler: index.handler, platform: aws-lambda } }\n',
    'index.js': '',
  });
  let settings: unknown = {};
  const asked: unknown[] = [];
  client.onRequest(ConfigurationRequest.type, ({ items }) => {
    asked.push(...items.map(({ section }) => section));
    return items.map(() => settings);
  });
  await initialize({
    workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
  });
  const text = `const z = require('zod');
exports.handler = async (event) => {
  if (event.exit) process.exit(z.number());
};
`;
  const codes = (found: Diagnostic[]) => found.map(({ code }) => code);
  const opened = nextDiagnostics('index.js');
  await client.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri: uri('index.js'), languageId: 'javascript', version: 1, text },
  });
  const [exit] = await opened;
  assert.equal(exit!.code, 'process-exit');
  assert.deepEqual(exit!.codeDescription, {
    href: 'file:///pages/process-exit.md',
  });
  assert.deepEqual([...new Set(asked)], ['porchlight.rules']);

  const measured = nextDiagnostics('index.js');
  await client.sendNotification('porchlight/importCosts', {
    folder: root,
    function: 'hello',
    packages: { zod: 80 },
  });
  assert.deepEqual(codes(await measured), ['lazy-import', 'process-exit']);
  await client.sendNotification('porchlight/importCosts', { folder: 3 });

  settings = { 'process-exit': 'off' };
  const quiet = nextDiagnostics('index.js');
  await client.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  assert.deepEqual(codes(await quiet), ['lazy-import']);

  const closed = nextDiagnostics('index.js');
  await client.sendNotification(DidCloseTextDocumentNotification.type, {
    textDocument: { uri: uri('index.js') },
  });
  assert.deepEqual(await closed, []);
});

test(
  'features of project files are registered for these alone, and answer over the protocol',
  { timeout: 20_000 },
  async (t) => {
    const { client, uri, nextDiagnostics, initialize, registered, untilRegistered } = session(t, {
      's.yaml': yaml.replace('handlr', 'handler'),
      'index.ts': 'export const handler = () => process.env.TOKEN;\n',
      '.env': 'TOKEN=x\n',
    });
    const first = nextDiagnostics('s.yaml');
    const dynamic = { dynamicRegistration: true };
    const { capabilities } = await initialize({
      textDocument: {
        completion: dynamic,
        hover: dynamic,
        rename: dynamic,
        documentSymbol: dynamic,
        documentLink: dynamic,
      },
    });
    assert.equal(capabilities.completionProvider, undefined);
    assert.equal(capabilities.renameProvider, undefined);
    assert.equal(capabilities.referencesProvider, true);
    const text = yaml.replace('handlr', 'handler').replace('runtime: nodejs20', 'runtime: nodejs8');
    await client.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri: uri('s.yaml'), languageId: 'yaml', version: 1, text },
    });
    const [ended] = await first;
    assert.equal(ended!.code, 'RUNTIME_ENDED');
    await untilRegistered('textDocument/documentLink');
    assert.deepEqual(registered, [
      'workspace/didChangeWatchedFiles',
      'textDocument/completion',
      'textDocument/hover',
      'textDocument/rename',
      'textDocument/documentSymbol',
      'textDocument/documentLink',
    ]);

    const textDocument = { uri: uri('s.yaml') };
    const character = yaml.split('\n')[4]!.indexOf('nodejs20') + 3;
    const position = { line: 4, character };
    const proposed = (await client.sendRequest(CompletionRequest.type, {
      textDocument,
      position,
    })) as CompletionList;
    assert.ok(proposed.items.some(({ label }) => label === 'nodejs20'));
    const hover = await client.sendRequest(HoverRequest.type, { textDocument, position });
    assert.match((hover!.contents as { value: string }).value, /out of support since \*\*2024-12-15/);
    const at = { line: 4, character: text.split('\n')[4]!.indexOf('index.handler') + 8 };
    const edit = await client.sendRequest(RenameRequest.type, {
      textDocument,
      position: at,
      newName: 'main',
    });
    assert.equal(edit!.documentChanges!.length, 2);
    const refused = client.sendRequest(RenameRequest.type, {
      textDocument,
      position: at,
      newName: 'no good',
    });
    await assert.rejects(refused, /An export has letters/);
    const [symbol] = (await client.sendRequest(DocumentSymbolRequest.type, { textDocument }))!;
    assert.equal(symbol!.name, 'edition');
  },
);

test(
  'a Chinese client reads Chinese: diagnostics, hovers, proposals, lenses and fixes',
  { timeout: 20_000 },
  async (t) => {
    t.after(() => useTranslator(plain));
    const { client, uri, nextDiagnostics, initialize } = session(t, {
      's.yaml': yaml.replace('code: ./', 'code: ./, memorySize: 100'),
      'index.ts': 'export const handler = async () => {\n  fetch("https://example.com");\n};\n',
    });
    const first = nextDiagnostics('s.yaml');
    await initialize({ locale: 'zh-CN' });
    const told = (await first).map(({ message }) => message);
    assert.deepEqual(told, [
      'hello.memorySize：100 MB 超出 aliyun-fc 接受的范围：128 到 32768 MB，步长 64。',
      '模块“index.ts”中没有处理程序“handlr”。是否想写“handler”？',
    ]);

    const hover = (await client.sendRequest(HoverRequest.type, {
      textDocument: { uri: uri('s.yaml') },
      position: { line: 4, character: 40 },
    })) as unknown as { contents: MarkupContent };
    assert.match(hover.contents.value, /运行函数的运行时。[^]*aliyun-fc 支持：/);

    const code = nextDiagnostics('index.ts');
    await client.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: {
        uri: uri('index.ts'),
        languageId: 'typescript',
        version: 1,
        text: 'export const handler = async () => {\n  fetch("https://example.com");\n};\n',
      },
    });
    const solved = nextDiagnostics('s.yaml');
    await client.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: {
        uri: uri('s.yaml'),
        languageId: 'yaml',
        version: 1,
        text: yaml.replace('handlr', 'handler'),
      },
    });
    assert.deepEqual(await solved, []);
    const [rule] = await code;
    assert.match(String(rule!.message), /没有代码等待它/);
    assert.equal(rule!.codeDescription!.href, 'file:///pages/not-awaited.zh-cn.md');
    const fixes = (await client.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: uri('index.ts') },
      range: rule!.range,
      context: { diagnostics: [rule!] },
    }))!;
    assert.deepEqual(
      fixes.map(({ title }) => title),
      ['用 await 等待它', '在此行忽略 not-awaited', '解释 not-awaited'],
    );
    const lenses = await client.sendRequest(CodeLensRequest.type, { textDocument: { uri: uri('index.ts') } });
    assert.deepEqual(
      lenses!.map(({ command }) => command!.title),
      ['调用', '调试', '部署'],
    );
  },
);
