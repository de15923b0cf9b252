import type { DeployProgress, DeployResult, DeployStepName } from '../model/deploy.ts';
import { describe, PorchlightError } from '../model/errors.ts';
import type { Archive } from '../packaging/archive.ts';
import type { DeployItem, DeployTarget } from './target.ts';

/** The steps in their order; the last one is the only one that changes what is served. */
const stepNames: DeployStepName[] = ['check', 'build', 'package', 'upload', 'apply', 'verify', 'switch'];

export interface CarryOutOptions {
  plan: string;
  item: DeployItem;
  target: DeployTarget;
  signal: AbortSignal;
  /** Throws when the plan is no longer what the project says. */
  check(): Promise<void>;
  rebuild(): Promise<Archive>;
  /** `fraction` is of this function alone. */
  onProgress(progress: DeployProgress): void;
}

type FunctionResult = DeployResult['functions'][number];

/** Deploys one function. Never throws for what may go wrong on the way: the result says it, and the old version serves. */
export async function carryOut(options: CarryOutOptions): Promise<FunctionResult> {
  const { item, target, signal } = options;
  const name = item.definition.name;
  const previous = (await target.current(name))?.version;
  const steps = new Steps(options);
  let version: string | undefined;
  let verification: FunctionResult['verification'];
  const ended = async (
    status: FunctionResult['status'],
    more: Partial<FunctionResult> = {},
  ): Promise<FunctionResult> => ({
    function: name,
    status,
    ...(previous === undefined ? {} : { previous }),
    ...(verification ? { verification } : {}),
    urls: (await target.list()).find(({ function: known }) => known === name)?.urls ?? [],
    ...more,
  });
  try {
    await steps.run('check', () => options.check());
    const archive = await steps.run('build', () => options.rebuild());
    await steps.run('package', () => {
      if (archive.hash !== item.archive.hash) throw new PorchlightError('PLAN_UNKNOWN');
      return Promise.resolve(`${archive.files.length} files, ${archive.bytes} bytes`);
    });
    if (await target.hasPackage(archive.hash)) steps.skip('upload', 'the package is there already');
    else await steps.run('upload', () => target.upload(archive, signal));
    // Known before a cancel is looked for: what was made has to be discarded then.
    const made = await steps.run('apply', async () => (version = await target.create(item, signal)));
    const check = await steps.run('verify', async () => {
      const answer = await target.verify(item, made, signal);
      const { status, startKind, durationMs } = answer;
      verification = { status, durationMs, ...(startKind === undefined ? {} : { startKind }) };
      if (!answer.answered) throw new Error(answer.message ?? `The new version did not answer (${status}).`);
      return answer;
    });
    const note = await steps.run('switch', () => target.switchTo(name, made));
    const error =
      check.status === 'ok' ? undefined : `It answered the sample event with an error: ${check.message}`;
    const message = [error, note].filter((text) => text !== undefined).join(' ');
    return await ended('deployed', { version: made, ...(message === '' ? {} : { message }) });
  } catch (error) {
    if (version !== undefined) await target.discard(name, version);
    if (signal.aborted)
      return await ended('cancelled', { message: 'Cancelled before anything was switched.' });
    const detail = sentence(error instanceof Error ? error.message : String(error));
    return await ended('failed', {
      message: describe('DEPLOY_FAILED', { function: name, detail, previous }),
    });
  }
}

/** Runs steps and tells of them; no step begins after a cancel. */
class Steps {
  readonly #options: CarryOutOptions;

  constructor(options: CarryOutOptions) {
    this.#options = options;
  }

  async run<T>(step: DeployStepName, work: () => Promise<T>): Promise<T> {
    this.#options.signal.throwIfAborted();
    this.#tell(step, 'started');
    try {
      const result = await work();
      // Switching is one act: when it is done, a cancel comes too late.
      if (step !== 'switch') this.#options.signal.throwIfAborted();
      this.#tell(step, 'done', typeof result === 'string' && step === 'package' ? result : undefined);
      return result;
    } catch (error) {
      this.#tell(step, 'failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  skip(step: DeployStepName, why: string): void {
    this.#tell(step, 'skipped', why);
  }

  #tell(step: DeployStepName, state: DeployProgress['state'], detail?: string): void {
    const index = stepNames.indexOf(step) + (state === 'started' ? 0 : 1);
    this.#options.onProgress({
      plan: this.#options.plan,
      function: this.#options.item.definition.name,
      step,
      state,
      fraction: index / stepNames.length,
      ...(detail === undefined ? {} : { detail }),
    });
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
