import type { DeployProgress, DeployResult, DeployStepName, DeployVerification } from '../model/deploy.ts';
import { PorchlightError, saidOf } from '../model/errors.ts';
import { readWebResult } from '../model/webMessage.ts';
import type { Archive } from '../packaging/archive.ts';
import { untriable } from './nativeCode.ts';
import type { DeployItem, DeployTarget, Verification } from './target.ts';
import { sentences, withTexts, spoken, phrase, PhrasedError, say, type Phrase } from '../support/l10n.ts';

/** The steps in their order; the last one is the only one that changes what is served. */
const stepNames: DeployStepName[] = [
  ...(['check', 'build', 'package', 'rehearse'] as const),
  ...(['upload', 'apply', 'verify', 'switch'] as const),
];

export interface CarryOutOptions {
  plan: string;
  item: DeployItem;
  target: DeployTarget;
  signal: AbortSignal;
  /** Throws when the plan is no longer what the project says. */
  check(): Promise<void>;
  rebuild(): Promise<Archive>;
  /** Invokes the package cold on this machine. */
  rehearse(item: DeployItem, signal: AbortSignal): Promise<Verification>;
  /** Hides secrets in what others say about a failure. */
  redact(text: string): string;
  /** Share of the calls that the new version gets. */
  percent?: number;
  /** `fraction` is of this function alone. */
  onProgress(progress: DeployProgress): void;
}

type FunctionResult = DeployResult['functions'][number];

/** Deploys one function. Never throws for what may go wrong on the way: the result says it, and the old version serves. */
export async function carryOut(options: CarryOutOptions): Promise<FunctionResult> {
  const { item, target, signal } = options;
  const name = item.definition.name;
  const steps = new Steps(options);
  const told: Pick<FunctionResult, 'previous' | 'verification'> = {};
  let version: string | undefined;
  try {
    const previous = (await target.current(name))?.version;
    if (previous !== undefined) told.previous = previous;
    await steps.run('check', () => options.check());
    const archive = await steps.run('build', () => options.rebuild());
    await steps.run('package', () => {
      if (archive.hash !== item.archive.hash) throw new PorchlightError('PLAN_UNKNOWN');
      return Promise.resolve(
        phrase('{files} files, {bytes} bytes', { files: archive.files.length, bytes: archive.bytes }),
      );
    });
    const here = target.remote ? await rehearsed(options, steps) : undefined;
    if (await target.hasPackage(item)) steps.skip('upload', phrase('the package is there already'));
    else await steps.run('upload', () => target.upload(item, signal));
    // Known before a cancel is looked for: what was made has to be discarded then.
    const made = await steps.run('apply', async () => (version = await target.create(item, signal)));
    const check = await steps.run('verify', async () => {
      const answer = target.verify(item, made, signal);
      told.verification = verificationOf(item, await answer, here);
      return answering(item, answer, phrase('on {target}', { target: target.name }));
    });
    const { percent } = options;
    const share = percent === undefined ? {} : { percent };
    const note = await steps.run('switch', () => target.switchTo(name, made, { item, ...share }));
    const error =
      check.status === 'ok' || item.event.expects
        ? undefined
        : phrase('It answered {event} with an error: {message}', {
            event: eventText(item),
            message: check.message ?? 'undefined',
          });
    const { urls, problem } = await urlsOf(target, name);
    return {
      function: name,
      status: 'deployed',
      version: made,
      ...told,
      urls,
      ...messageOf(sentences([error, note, problem]), options),
    };
  } catch (error) {
    const left = version === undefined ? undefined : await discarded(target, name, version);
    const { urls } = await urlsOf(target, name);
    const ended = { function: name, ...told, urls };
    if (signal.aborted) {
      const message = sentences([phrase('Cancelled before anything was switched.'), left]);
      return { ...ended, status: 'cancelled', ...messageOf(message, options) };
    }
    const detail = withTexts(sentences([sentence(saidOf(error)), left])!, options.redact);
    const failure = new PorchlightError('DEPLOY_FAILED', { function: name, detail, previous: told.previous });
    return { ...ended, status: 'failed', ...messageOf(saidOf(failure)) };
  }
}

/** How the package answers on this machine; undefined where it cannot be tried out. */
async function rehearsed(
  { item, rehearse, signal }: CarryOutOptions,
  steps: Steps,
): Promise<Verification | undefined> {
  const why = await untriable(item);
  if (why === undefined)
    return steps.run('rehearse', () => answering(item, rehearse(item, signal), phrase('on this machine')));
  steps.skip('rehearse', why);
  return undefined;
}

/** Takes a version away that never served; what stands in the way of that is told, and hides nothing. */
async function discarded(target: DeployTarget, name: string, version: string): Promise<Phrase | undefined> {
  try {
    await target.discard(name, version);
    return undefined;
  } catch (error) {
    return phrase('Version {version}, which does not serve, is still there: {detail}', {
      version,
      detail: sentence(saidOf(error)),
    });
  }
}

async function urlsOf(target: DeployTarget, name: string): Promise<{ urls: string[]; problem?: Phrase }> {
  try {
    return { urls: await target.urls(name) };
  } catch (error) {
    return {
      urls: [],
      problem: phrase('Its addresses could not be read: {detail}', { detail: sentence(saidOf(error)) }),
    };
  }
}

/** An answer of code that ran, and is as expected; otherwise the reason why there is none. */
async function answering(
  item: DeployItem,
  asked: Promise<Verification>,
  where: Phrase,
): Promise<Verification> {
  const answer = await asked;
  const wrong = answer.answered ? item.event.check(answer) : [];
  if (answer.answered && wrong.length === 0) return answer;
  if (answer.answered)
    throw new PhrasedError(
      phrase('It does not answer {event} as expected {where}: {wrong}.', {
        event: eventText(item),
        where,
        wrong: wrong.join('; '),
      }),
    );
  const { status, message } = answer;
  throw new PhrasedError(
    message
      ? phrase('It did not answer {where} ({status}): {message}', { where, status, message })
      : phrase('It did not answer {where} ({status}).', { where, status }),
  );
}

function eventText({ event: { name } }: DeployItem): Phrase {
  return name === undefined ? phrase('the sample event') : phrase('the saved event "{name}"', { name });
}

/** What is told of an answer, beside that of this machine. */
function verificationOf(
  { event }: DeployItem,
  answer: Verification,
  here: Verification | undefined,
): DeployVerification {
  const { status, startKind, durationMs, warmMs, result } = answer;
  const comparable = here?.result !== undefined && result !== undefined;
  return {
    status,
    durationMs,
    ...(event.name === undefined ? {} : { event: event.name }),
    ...(startKind === undefined ? {} : { startKind }),
    ...(warmMs === undefined ? {} : { warmMs }),
    ...(here && {
      here: {
        status: here.status,
        durationMs: here.durationMs,
        ...(here.warmMs === undefined ? {} : { warmMs: here.warmMs }),
        ...(comparable && { sameResult: isSameAnswer(here, answer) }),
      },
    }),
  };
}

/** Of answers of web servers, headers are their own and their proxies' at once: status and body are compared. */
function isSameAnswer(one: Verification, other: Verification): boolean {
  const here = contentOf(one);
  const there = contentOf(other);
  // Clouds that call functions themselves tell of no status.
  const sameStatus = here.status === undefined || there.status === undefined || here.status === there.status;
  return sameStatus && Buffer.compare(here.body, there.body) === 0;
}

function contentOf({ body, result = '' }: Verification): { status?: number; body: Uint8Array } {
  const bytes = body ?? Buffer.from(result);
  return readWebResult(bytes) ?? { body: bytes };
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
      this.#tell(step, 'done', step === 'package' ? (result as Phrase) : undefined);
      return result;
    } catch (error) {
      this.#tell(step, 'failed', withTexts(saidOf(error), this.#options.redact));
      throw error;
    }
  }

  skip(step: DeployStepName, why: Phrase): void {
    this.#tell(step, 'skipped', why);
  }

  #tell(step: DeployStepName, state: DeployProgress['state'], detail?: string | Phrase): void {
    const { message, said } = detail === undefined ? {} : spoken(detail);
    const index = stepNames.indexOf(step) + (state === 'started' ? 0 : 1);
    this.#options.onProgress({
      plan: this.#options.plan,
      function: this.#options.item.definition.name,
      step,
      state,
      fraction: index / stepNames.length,
      ...(message !== undefined && { detail: message }),
      ...(said && { said }),
    });
  }
}

/** A message in English, and what it is made of; `redact` takes secrets out of it. */
function messageOf(
  said: string | Phrase | undefined,
  { redact = (text: string) => text }: Partial<Pick<CarryOutOptions, 'redact'>> = {},
): Pick<FunctionResult, 'message' | 'said'> {
  if (said === undefined) return {};
  return spoken(withTexts(said, redact));
}

function sentence(said: string | Phrase): string | Phrase {
  const text = say(said).trim();
  if (typeof said === 'string') return /[.!?]$/.test(text) ? text : `${text}.`;
  return /[.!?]$/.test(text) ? said : phrase('{text}.', { text: said });
}
