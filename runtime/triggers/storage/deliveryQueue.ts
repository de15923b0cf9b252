import { PorchlightError } from '../../model/errors.ts';
import type { Clock } from '../../support/clock.ts';
import type { Delivered, Delivery } from '../source.ts';

/** Events that are with the function at a time; a folder of thousands of files is handed over little by little. */
const mostAtOnce = 50;
const patienceMs = 500;

/** Hands events over in their order, as fast as the function takes them. */
export class DeliveryQueue {
  readonly #clock: Clock;
  readonly #deliver: (delivery: Delivery) => Delivered;
  readonly #refused: (delivery: Delivery, error: unknown) => void;
  #waiting: Delivery[] = [];
  #with = 0;
  #cancel: (() => void) | undefined;

  constructor(
    clock: Clock,
    deliver: (delivery: Delivery) => Delivered,
    refused: (delivery: Delivery, error: unknown) => void,
  ) {
    this.#clock = clock;
    this.#deliver = deliver;
    this.#refused = refused;
  }

  get length(): number {
    return this.#waiting.length;
  }

  add(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.#pass();
  }

  /** Gives up what waits. */
  clear(): void {
    this.#waiting = [];
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #pass(): void {
    while (this.#with < mostAtOnce && this.#waiting.length > 0 && !this.#cancel) {
      const delivery = this.#waiting[0]!;
      try {
        const { first } = this.#deliver(delivery);
        this.#with++;
        void first.then(() => {
          this.#with--;
          this.#pass();
        });
      } catch (error) {
        // Too much waits for another attempt: later there is room again.
        if (error instanceof PorchlightError && error.code === 'DELIVERY_REFUSED') return this.#later();
        this.#refused(delivery, error);
      }
      this.#waiting.shift();
    }
  }

  #later(): void {
    this.#cancel = this.#clock.after(patienceMs, () => {
      this.#cancel = undefined;
      this.#pass();
    });
  }
}
