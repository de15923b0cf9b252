import type { Readable, Writable } from 'node:stream';
import { PorchlightError } from '../../model/errors.ts';
import type { RpcConnection } from '../../protocol/control/connection.ts';
import { loadBundle } from '../../support/loadBundle.ts';
import type { AgentAnswer, AgentTool } from '../agentTool.ts';
import type * as mcpSdk from './mcp.sdk.ts';

type Sdk = typeof mcpSdk;
type Server = InstanceType<Sdk['Server']>;

export interface McpOptions {
  tools: readonly AgentTool[];
  version: string;
  /** Streams of the protocol: a message per line. */
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream;
  /** The host of the folder; asked anew for every call. */
  connection(): Promise<RpcConnection>;
  /** Whether people are asked before code runs, by clients that can ask. */
  confirms: boolean;
  /** What went wrong and has no asker. */
  onError(error: Error): void;
}

const instructions =
  'Porchlight runs the functions (FaaS) of a project on this machine the way their cloud does. Begin with list_functions. Each call is recorded: list_invocations finds records, get_invocation and get_logs tell what happened, explain_cold_start why a first call is slow.';

/** Serves tools by the Model Context Protocol until the client goes. */
export async function serveMcp(options: McpOptions): Promise<void> {
  const sdk = await loadBundle<Sdk>('mcp.sdk.cjs', () => import('./mcp.sdk.ts'));
  const { tools, version, stdin, stdout, onError } = options;
  const server = new sdk.Server(
    { name: 'porchlight', title: 'Porchlight', version },
    { capabilities: { tools: {} }, instructions },
  );
  server.onerror = onError;
  server.setRequestHandler(sdk.ListToolsRequestSchema, () => ({
    tools: tools.map((tool) => describe(sdk, tool)),
  }));
  server.setRequestHandler(sdk.CallToolRequestSchema, async ({ params }, { signal }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (!tool) {
      const known = tools.map(({ name }) => name).join(', ');
      throw new sdk.McpError(
        sdk.ErrorCode.InvalidParams,
        `There is no tool "${params.name}". Known: ${known}.`,
      );
    }
    try {
      return content(await call(options, server, tool, params.arguments ?? {}, signal));
    } catch (error) {
      if (!(error instanceof PorchlightError))
        onError(error instanceof Error ? error : new Error(String(error)));
      const text = error instanceof Error ? error.message : String(error);
      return { content: [{ type: 'text' as const, text }], isError: true };
    }
  });
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    // The transport does not notice the end of its input.
    stdin.once('end', resolve);
    stdin.once('close', resolve);
  });
  await server.connect(new sdk.StdioServerTransport(stdin as Readable, stdout as Writable));
  await closed;
  await server.close();
}

async function call(
  { connection, confirms }: McpOptions,
  server: Server,
  tool: AgentTool,
  input: unknown,
  signal: AbortSignal,
): Promise<AgentAnswer> {
  if (tool.runsCode && confirms && server.getClientCapabilities()?.elicitation) {
    const answer = await server.elicitInput(
      { message: tool.question(input), requestedSchema: { type: 'object', properties: {} } },
      { signal },
    );
    if (answer.action !== 'accept') {
      throw new PorchlightError('USAGE', {
        detail: 'The user did not want this to run. Nothing was invoked.',
      });
    }
  }
  return tool.run(await connection(), input, signal);
}

function describe({ toJsonSchema }: Sdk, tool: AgentTool) {
  const { name, title, description, input, runsCode } = tool;
  const { $schema: _, ...inputSchema } = toJsonSchema(input as never, { typeMode: 'input' });
  return {
    name,
    title,
    description,
    inputSchema: { ...inputSchema, type: 'object' as const },
    annotations: {
      title,
      readOnlyHint: !runsCode,
      // What the user's code does is not known.
      destructiveHint: runsCode,
      idempotentHint: !runsCode,
      openWorldHint: runsCode,
    },
  };
}

function content({ text, data }: AgentAnswer) {
  return {
    content: [{ type: 'text' as const, text: `${text}\n${JSON.stringify(data)}` }],
    structuredContent: data,
  };
}
