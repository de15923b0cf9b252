import { PorchlightError } from '../../model/errors.ts';
import type { Carrier } from '../../support/carrier.ts';
import { openWebSocketCarrier } from '../../support/webSocketCarrier.ts';
import { protocolVersion } from '../version.ts';
import { Hello, type HelloParams, type HelloResult } from './messages.ts';
import { createRpcConnection, type RpcConnection } from './rpcConnection.ts';

export type { RpcConnection } from './rpcConnection.ts';

/** A connection whose host said hello. */
export interface ControlConnection extends RpcConnection {
  readonly hello: HelloResult;
}

export interface ConnectOptions {
  /** `ws://127.0.0.1:…`, as the host printed it. */
  url: string;
  token: string;
  client: HelloParams['client'];
  /** Whether the host sends its notifications. */
  subscribe?: boolean;
  /** The project folder, for messages. */
  root?: string;
  /** Registers handlers before the first notification can come. */
  setUp?: (connection: RpcConnection) => void;
  /** Opens the carrier; tests join two ends in memory. */
  open?: (url: string, headers: Record<string, string>) => Promise<Carrier>;
}

/**
 * Connects to a running host and says hello. Rejects with `HOST_UNREACHABLE` when none answers there or the token is
 * refused, with `PROTOCOL_VERSION` when it is of another version. Dispose the connection to close it.
 */
export async function connectControl(options: ConnectOptions): Promise<ControlConnection> {
  const peer = options.root ?? options.url;
  const open = options.open ?? openWebSocketCarrier;
  let carrier: Carrier;
  try {
    carrier = await open(options.url, { authorization: `Bearer ${options.token}` });
  } catch (error) {
    const detail = error instanceof Error ? error.message || String(error) : String(error);
    throw new PorchlightError('HOST_UNREACHABLE', { root: peer, detail }, { cause: error });
  }
  const connection = createRpcConnection(carrier, { peer });
  options.setUp?.(connection);
  try {
    const hello = await connection.sendRequest(Hello, {
      protocolVersion,
      client: options.client,
      subscribe: options.subscribe ?? false,
    });
    if (hello.protocolVersion !== protocolVersion) {
      throw new PorchlightError('PROTOCOL_VERSION', { theirs: hello.protocolVersion, ours: protocolVersion });
    }
    return Object.defineProperty(connection, 'hello', {
      value: hello,
      enumerable: true,
    }) as ControlConnection;
  } catch (error) {
    connection.dispose();
    throw error;
  }
}
