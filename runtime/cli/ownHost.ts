import type { Host } from '../host/host.ts';
import { connectControl } from '../protocol/control/connection.ts';
import { ProjectChanged } from '../protocol/control/messages.ts';
import { functionTable, problemLine } from './functionTable.ts';
import { Inspectors } from './inspectors.ts';
import { showLive } from './liveLog.ts';
import type { Terminal } from './terminal.ts';

/** Shows the host of this process on its terminal: functions, then every invocation as it happens. */
export async function watchOwnHost(
  host: Host,
  terminal: Terminal,
  { inspect, quiet }: { inspect: boolean; quiet: boolean },
): Promise<{ dispose(): void }> {
  const out = quiet ? terminal.stderr : terminal.stdout;
  const print = (text: string): void => void out.write(text);
  // What is found out right after the start belongs to the first overview.
  await host.registry.settled();
  const inspectors = inspect ? new Inspectors(print) : undefined;
  const connection = await connectControl({
    url: host.control.url,
    token: host.control.token,
    root: host.options.root,
    subscribe: true,
    client: { kind: 'cli', name: 'porchlight start', pid: process.pid },
    setUp: (of) => {
      if (!quiet) showLive(of, terminal);
      of.onNotification(ProjectChanged, ({ functions, problems }) => {
        if (!quiet) print(overview(host, functions, problems));
      });
      inspectors?.listen(of);
    },
  });
  if (!quiet) {
    print(overview(host, connection.hello.functions, connection.hello.problems));
    print('Ctrl+C ends it.\n');
  }
  await inspectors?.start(connection);
  return {
    dispose() {
      inspectors?.dispose();
      connection.dispose();
    },
  };
}

type Hello = Awaited<ReturnType<typeof connectControl>>['hello'];

function overview(host: Host, functions: Hello['functions'], problems: Hello['problems']): string {
  const lines = problems.map(problemLine);
  return [`${host.options.root} at ${host.gateway.url}\n`, functionTable(functions, true), ...lines].join('');
}
