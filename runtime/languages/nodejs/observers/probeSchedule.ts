import { Budget, nowUs } from './budget.ts';

/** Share of all time that looking at the state may take, once an instance has had its first calls. */
const share = 0.005;

/** Decides after which calls the state is looked at: two in a row each time, as one alone tells nothing. */
export class ProbeSchedule {
  #budget = new Budget(share, nowUs);
  #call = 0;
  #probed = 0;
  /** The call looked at last has no neighbour yet to compare with. */
  #alone = false;

  /** Calls of the instance so far. */
  get call(): number {
    return this.#call;
  }

  /** Counts a call and says whether to look after it. */
  answered(): boolean {
    this.#call++;
    return this.#budget.allows() || (this.#alone && this.#probed === this.#call - 1);
  }

  looked(us: number): void {
    this.#alone = this.#probed !== this.#call - 1;
    this.#probed = this.#call;
    this.#budget.spent(us);
  }
}
