import { connectControl } from '../../runtime/protocol/control/connection.ts';
import { controlHostApi, feedMirror } from './controlHostApi.ts';
import type { HostLink } from './folderHost.ts';
import type { HostAddress } from './hostFile.ts';
import type { HostMirror } from './hostMirror.ts';
import type { LauncherOptions } from './realLauncher.ts';

/**
 * Connects to a running host, whose words go to the log and whose state goes to the mirror. What speaks the protocol is
 * loaded with this file, which is with the first host.
 */
export async function connectHost(
  address: HostAddress,
  root: string,
  mirror: HostMirror,
  { log, clientName }: Pick<LauncherOptions, 'log' | 'clientName'>,
): Promise<HostLink> {
  let feed: { begin(): void } | undefined;
  const connection = await connectControl({
    url: address.control,
    token: address.token,
    client: { kind: 'editor', name: clientName, pid: process.pid },
    subscribe: true,
    root,
    setUp: (rpc) => {
      feed = feedMirror(rpc, mirror, {
        message: (level, text) => log[level](`[host] ${text}`),
        instanceLogged: (instance, lines) => lines.forEach((line) => log.info(`[${instance}] ${line}`)),
      });
    },
  });
  const { hello } = connection;
  return {
    api: controlHostApi(connection),
    pid: hello.pid,
    version: hello.version,
    gateway: hello.gateway,
    onClose: connection.onClose,
    begin() {
      mirror.reset(hello);
      feed?.begin();
    },
    dispose: () => connection.dispose(),
  };
}
