import type { WebSocket } from 'ws';
import type { Carrier } from './carrier.ts';

/** Bounds of one connection: bytes of a message, and milliseconds a peer has for the handshake. */
export interface WebSocketLimits {
  messageBytes: number;
  handshakeMs: number;
}

const defaultLimits: WebSocketLimits = { messageBytes: 64 * 1024 * 1024, handshakeMs: 5000 };

/** The carrier over an open WebSocket of either side. Anything but text closes it. */
export function webSocketCarrier(socket: WebSocket): Carrier {
  let closedBecause: string | undefined;
  const closeListeners: ((reason: string) => void)[] = [];
  const closed = (reason: string): void => {
    if (closedBecause !== undefined) return;
    closedBecause = reason;
    for (const listener of closeListeners.splice(0)) listener(reason);
  };
  let failure: string | undefined;
  socket.on('error', (error) => (failure = error.message));
  socket.on('close', (code, reason) =>
    closed(failure ?? (reason.toString() || `connection closed (${code})`)),
  );
  return {
    send(text) {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    onMessage(listener) {
      socket.on('message', (data, isBinary) => {
        if (isBinary) socket.close(1003, 'Only text messages are understood.');
        else listener(data.toString());
      });
    },
    onClose(listener) {
      if (closedBecause === undefined) closeListeners.push(listener);
      else listener(closedBecause);
    },
    close(reason = 'closed') {
      // A close frame carries at most 123 bytes of reason.
      socket.close(1000, Buffer.from(reason).subarray(0, 120).toString().replace(/�+$/, ''));
      closed(reason);
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
  };
}

/** Opens a WebSocket as a client. Rejects with the reason when the peer is not there or refuses. */
export async function openWebSocketCarrier(
  url: string,
  headers: Record<string, string>,
  limits: WebSocketLimits = defaultLimits,
): Promise<Carrier> {
  // It loads all of Node's network code: not before somebody connects.
  const { WebSocket } = await import('ws');
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers,
      maxPayload: limits.messageBytes,
      handshakeTimeout: limits.handshakeMs,
      perMessageDeflate: false,
    });
    const fail = (error: Error): void => reject(error);
    socket.once('error', fail);
    socket.once('open', () => {
      socket.off('error', fail);
      resolve(webSocketCarrier(socket));
    });
  });
}
