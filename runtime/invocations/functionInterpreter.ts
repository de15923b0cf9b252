import type { Interpreter } from '../languages/language.ts';
import { PorchlightError } from '../model/errors.ts';

/** What runs one function: looked for when it is first needed, and kept. */
export class FunctionInterpreter {
  readonly #find: () => Promise<Interpreter>;
  readonly #onDidFind: () => void;
  #found: Interpreter | undefined;
  #finding: Promise<Interpreter> | undefined;

  constructor(find: () => Promise<Interpreter>, onDidFind: () => void) {
    this.#find = find;
    this.#onDidFind = onDidFind;
  }

  /** Undefined until it is known. */
  get known(): Interpreter | undefined {
    return this.#found;
  }

  /** For what can only happen when it is known. */
  get required(): Interpreter {
    if (this.#found) return this.#found;
    throw new PorchlightError('INTERNAL', {
      detail: 'A process was to be started before its interpreter is known.',
    });
  }

  /** Rejects with a `PorchlightError` when there is none; the next call looks again. */
  get(): Promise<Interpreter> {
    if (this.#found) return Promise.resolve(this.#found);
    this.#finding ??= this.#find()
      .then((found) => {
        this.#found = found;
        this.#onDidFind();
        return found;
      })
      .finally(() => (this.#finding = undefined));
    return this.#finding;
  }

  /** Looks again: one that stood in for another may not be needed any more. Says whether it is another one. */
  async renew(): Promise<boolean> {
    const before = await this.get();
    const found = await this.#find();
    this.#found = found;
    return found.path !== before.path || found.version !== before.version;
  }
}
