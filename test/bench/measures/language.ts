import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  CompletionRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { distFile } from '../../../runtime/support/installRoot.ts';
import type { Context } from '../run/context.ts';
import type { Measure } from '../run/measure.ts';

const lines = 5000;
const typed = '      MemorySize: 512';

/** A template with as many functions as fit. */
function largeTemplate(): string {
  const head = ['Transform: AWS::Serverless-2016-10-31', 'Resources:'];
  const fn = (i: number): string[] => [
    `  Function${i}:`,
    '    Type: AWS::Serverless::Function',
    '    Properties:',
    '      Handler: index.handler',
    '      Runtime: nodejs22.x',
    '      Environment:',
    '        Variables:',
    `          TABLE: !Ref Table${i}`,
    '      Events:',
    '        Api:',
    '          Type: HttpApi',
    `          Properties: { Path: /path${i}, Method: get }`,
  ];
  const functions = Array.from({ length: Math.floor((lines - head.length) / 12) }, (_, i) => fn(i));
  return `${[...head, ...functions.flat()].join('\n')}\n`;
}

/** How long somebody who types in a large project file waits for proposals and explanations, checks going on meanwhile. */
export function language(context: Context): Measure {
  const folder = join(context.folder, 'language');
  const path = join(folder, 'template.yaml');
  const text = largeTemplate();
  const uri = pathToFileURL(path).href;
  const add = (measure: string, round: number, value: number): void =>
    context.results.add({ subject: 'porchlight', measure }, round, value);

  async function withServer(run: (client: Client) => Promise<void>): Promise<void> {
    const child = spawn(context.node, [distFile('server.cjs'), '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const client = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    try {
      client.listen();
      await run(client);
      await client.sendRequest(ShutdownRequest.type);
      await client.sendNotification(ExitNotification.type);
      await once(child, 'exit');
    } finally {
      client.dispose();
      child.kill();
    }
  }

  return {
    title: 'language server',
    async prepare() {
      await mkdir(folder, { recursive: true });
      await writeFile(path, text);
      await writeFile(join(folder, 'index.js'), 'exports.handler = async () => 1;\n');
    },
    round: (round) =>
      withServer(async (client) => {
        const checked = new Promise((resolve) =>
          client.onNotification(PublishDiagnosticsNotification.type, resolve),
        );
        await client.sendRequest(InitializeRequest.type, {
          processId: process.pid,
          rootUri: null,
          capabilities: {},
          workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'bench' }],
        });
        await client.sendNotification(InitializedNotification.type, {});
        await client.sendNotification(DidOpenTextDocumentNotification.type, {
          textDocument: { uri, languageId: 'yaml', version: 1, text },
        });
        await checked;
        let version = 1;
        // Below the handler of the function in the middle, letter by letter; checks begin in the longer pauses.
        const line = 2 + 12 * Math.floor(lines / 24) + 4;
        const change = async (character: number, newText: string): Promise<void> => {
          const at = { line, character };
          const contentChanges = [{ range: { start: at, end: at }, text: newText }];
          await client.sendNotification(DidChangeTextDocumentNotification.type, {
            textDocument: { uri, version: ++version },
            contentChanges,
          });
        };
        await change(0, '\n');
        const times = { proposals: [] as number[], explanation: [] as number[] };
        for (const [character, letter] of [...typed].entries()) {
          await pause([30, 90, 205, 260][character % 4]!);
          const began = performance.now();
          await change(character, letter);
          const position = { line, character: character + 1 };
          const proposed = await client.sendRequest(CompletionRequest.type, {
            textDocument: { uri },
            position,
          });
          times.proposals.push(performance.now() - began);
          if (character === 6 && (!proposed || Array.isArray(proposed) || proposed.items.length < 20))
            throw new Error('the server proposes nothing');
          await client.sendRequest(HoverRequest.type, {
            textDocument: { uri },
            position: { line: line + 1, character: 8 },
          });
          times.explanation.push(performance.now() - began);
        }
        for (const [name, values] of Object.entries(times)) {
          const sorted = values.sort((a, b) => a - b);
          add(`language.${name}.p50`, round, sorted[Math.floor(sorted.length / 2)]!);
          add(`language.${name}.max`, round, sorted.at(-1)!);
        }
      }),
  };
}

type Client = ReturnType<typeof createProtocolConnection>;
