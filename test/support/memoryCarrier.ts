import type { Carrier } from '../../runtime/support/carrier.ts';

/** Two carriers joined in memory; messages arrive in later turns, in order. */
export function memoryCarrierPair(): [Carrier, Carrier] {
  const ends: End[] = [new End(), new End()];
  ends[0]!.peer = ends[1]!;
  ends[1]!.peer = ends[0]!;
  return [ends[0]!, ends[1]!];
}

class End implements Carrier {
  peer!: End;
  readonly bufferedBytes = 0;
  #closedBecause: string | undefined;
  #message: ((text: string) => void)[] = [];
  #close: ((reason: string) => void)[] = [];

  send(text: string): void {
    if (this.#closedBecause !== undefined) return;
    setImmediate(() => {
      for (const listener of this.peer.#message) listener(text);
    });
  }

  onMessage(listener: (text: string) => void): void {
    this.#message.push(listener);
  }

  onClose(listener: (reason: string) => void): void {
    if (this.#closedBecause === undefined) this.#close.push(listener);
    else listener(this.#closedBecause);
  }

  close(reason = 'closed'): void {
    if (this.#closedBecause !== undefined) return;
    this.#closedBecause = reason;
    for (const listener of this.#close) listener(reason);
    setImmediate(() => this.peer.close(reason));
  }
}
