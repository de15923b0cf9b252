import { agentTools } from '../agents/index.ts';
import { serveMcp } from '../agents/mcp/mcpServer.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { joinHost, reachHost, type HostAccess } from './hostAccess.ts';
import type { Terminal } from './terminal.ts';
import { productVersion } from './version.ts';

export interface McpCommandOptions {
  dir: string;
  /** Code runs without a question. */
  yes?: true;
}

/**
 * Serves the functions of a folder to agents, by the Model Context Protocol over standard input and output, until the
 * client goes. A host that runs already is joined; otherwise one lives as long as this command.
 */
export async function mcp(terminal: Terminal, { dir, yes }: McpCommandOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, dir);
  const host = new CurrentHost(root, terminal);
  try {
    await serveMcp({
      tools: agentTools,
      version: productVersion(),
      stdin: terminal.stdin,
      stdout: terminal.stdout,
      connection: async () => (await host.access()).connection,
      confirms: yes !== true,
      onError: (error) => terminal.stderr.write(`${error.message}\n`),
    });
    return exitCodes.ok;
  } finally {
    await host.close();
  }
}

/** The host to ask now: an agent stays for hours, in which hosts of editors come and go. */
class CurrentHost {
  #root: string;
  #terminal: Terminal;
  #access: HostAccess | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(root: string, terminal: Terminal) {
    this.#root = root;
    this.#terminal = terminal;
  }

  /** One after the other: calls that come together must not start a host each. */
  access(): Promise<HostAccess> {
    const found = this.#turn.then(() => this.#find());
    this.#turn = found.catch(() => {});
    return found;
  }

  async #find(): Promise<HostAccess> {
    const current = this.#access;
    if (current && !current.connection.closed) {
      // One of our own gives way to the editor's: people see there what agents do.
      const theirs = current.running ? undefined : await joinHost(this.#root);
      if (!theirs) return current;
      this.#access = theirs;
      await current.close();
      return theirs;
    }
    return (this.#access = await reachHost(this.#root, this.#terminal));
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#access?.close();
  }
}
