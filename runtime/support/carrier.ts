/**
 * Carries whole text messages between two ends, in order. Implementations: a WebSocket, and a pair joined in memory
 * for tests.
 */
export interface Carrier {
  /** Queues a message; a message to a closed carrier is dropped, since `onClose` tells. */
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
  /** Called once, also when the carrier is closed already. `reason` is for people. */
  onClose(listener: (reason: string) => void): void;
  close(reason?: string): void;
  /** Bytes that wait to be taken over by the system: a peer that does not read shows here. */
  readonly bufferedBytes: number;
}
