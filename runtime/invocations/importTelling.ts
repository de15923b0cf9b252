import type { DevArtifact } from '../packaging/artifact.ts';
import type { ImportGraph, ProfileOptions } from '../protocol/instance/importGraph.ts';
import type { LoadCommand } from '../protocol/instance/messages.ts';
import { Emitter } from '../support/emitter.ts';
import type { Invocation } from './invocation.ts';

/** What a function's loads tell of their imports, to who wants to know. */
export class ImportTelling {
  /** Path of the code that measures; undefined for a language that has none. */
  readonly #module: string | undefined;
  readonly #told = new Emitter<{ invocation: Invocation; imports: ImportGraph }>();
  /** A load told what its imports cost, before its handler began. */
  readonly onDidTell = this.#told.event;
  /** Whether a load that nobody profiles is to tell all the same; replaced by who wants that. */
  wants: (artifact: DevArtifact) => ProfileOptions['mode'] | undefined = () => undefined;

  constructor(module: string | undefined) {
    this.#module = module;
  }

  /**
   * The load command, asking for what is wanted. Under a debugger nothing is measured. A profile is made as in the cloud:
   * without help of earlier starts, and unwatched.
   */
  askIn(command: LoadCommand, invocation: Invocation, artifact: DevArtifact): LoadCommand {
    const mode = command.debugged ? undefined : (invocation.profile ?? this.wants(artifact));
    if (mode === undefined) return command;
    const profile = this.#module === undefined ? {} : { profile: { module: this.#module, mode } };
    if (mode === 'light') return { ...command, ...profile };
    const { start: _start, observe: _observe, ...plain } = command;
    return { ...plain, ...profile };
  }

  tell(invocation: Invocation, imports: ImportGraph): void {
    this.#told.fire({ invocation, imports });
  }
}
