import { DeployEngine } from '../../runtime/deploy/engine.ts';
import { deployedSettings } from '../../runtime/deploy/settings.ts';
import type {
  DeployInput,
  DeployItem,
  DeployTarget,
  SwitchOptions,
  Verification,
  VerifyingEvent,
} from '../../runtime/deploy/target.ts';
import type { DeployProgress } from '../../runtime/model/deploy.ts';
import type { FunctionDefinition } from '../../runtime/model/functionDefinition.ts';
import { builtFile, createArchive, type Archive } from '../../runtime/packaging/archive.ts';
import { findPlatform } from '../../runtime/platforms/index.ts';
import { functionDefinition } from './functionDefinition.ts';

const root = '/p';

/** A target in memory that writes down what is asked of it. */
export class FakeTarget implements DeployTarget {
  readonly name = 'fake';
  readonly type = 'fake';
  remote = false;
  readonly settings = deployedSettings;
  readonly calls: string[] = [];
  readonly versions = new Map<
    string,
    { current?: string; known: { version: string; item: DeployInput & { archive: Archive } }[] }
  >();
  readonly packages = new Set<string>();
  answer: Verification = { answered: true, status: 'ok', startKind: 'cold', durationMs: 5 };
  /** Called at each step, e.g. to cancel there. */
  at: (call: string) => void = () => {};
  #next = 1;

  #of(name: string) {
    const found = this.versions.get(name) ?? { known: [] };
    this.versions.set(name, found);
    return found;
  }
  #call(text: string): Promise<void> {
    this.calls.push(text);
    this.at(text.split(' ')[0]!);
    return Promise.resolve();
  }
  preflight = () => Promise.resolve([]);
  current(name: string) {
    const { current, known } = this.#of(name);
    const found = known.find(({ version }) => version === current);
    if (!found) return Promise.resolve(undefined);
    const { version, item } = found;
    const settings = deployedSettings(item.definition);
    return Promise.resolve({
      version,
      packageHash: item.archive.hash,
      settings,
      environment: item.environment,
    });
  }
  packageHash = ({ hash }: Archive) => Promise.resolve(hash);
  hasPackage = ({ archive }: DeployItem) => Promise.resolve(this.packages.has(archive.hash));
  async upload({ archive }: DeployItem) {
    await this.#call('upload');
    this.packages.add(archive.hash);
  }
  async create(item: DeployInput & { archive: Archive }) {
    await this.#call('create');
    const version = String(this.#next++);
    this.#of(item.definition.name).known.unshift({ version, item });
    return version;
  }
  async verify(_item: unknown, version: string) {
    await this.#call(`verify ${version}`);
    return this.answer;
  }
  async switchTo(name: string, version: string, { percent }: SwitchOptions = {}) {
    await this.#call(`switch ${version}${percent === undefined ? '' : ` ${percent} %`}`);
    this.#of(name).current = version;
    return undefined;
  }
  async discard(name: string, version: string) {
    await this.#call(`discard ${version}`);
    const kept = this.#of(name);
    kept.known = kept.known.filter((known) => known.version !== version);
  }
  list() {
    const functions = [...this.versions].map(([name, { current, known }]) => ({
      function: name,
      target: 'fake',
      versions: known.map(({ version, item }) => ({
        version,
        packageHash: item.archive.hash,
        createdAt: 0,
        verified: true,
        current: version === current,
      })),
      urls: [`http://127.0.0.1/${name}`],
    }));
    return Promise.resolve(functions);
  }
  urls = (name: string) => Promise.resolve([`http://127.0.0.1/${name}`]);
  async remove(name: string) {
    await this.#call(`remove ${name}`);
    this.versions.delete(name);
  }
  invoke?: NonNullable<DeployTarget['invoke']> = async ({ name, event, timeoutMs }) => {
    await this.#call(`invoke ${name} ${Buffer.from(event).toString()} ${timeoutMs}`);
    return this.answer;
  };
}

/** Nobody hears of it, and nobody cancels. */
export const quietly = { onProgress: () => {}, signal: new AbortController().signal };

/** An engine over a target in memory, for a project of one function whose state is up to the test. */
export function setEngine() {
  const target = new FakeTarget();
  const state = {
    code: 'one',
    definition: functionDefinition(root) as FunctionDefinition,
    environment: { TOKEN: 'secret-1' } as Record<string, string>,
    findings: [] as DeployInput['findings'],
    failure: undefined as unknown,
    runnable: true,
    event: { bytes: Buffer.from('{}'), trigger: 'event', expects: false, check: () => [] } as VerifyingEvent,
    here: { answered: true, status: 'ok', durationMs: 1 } as Verification,
  };
  const engine = new DeployEngine({
    read: () =>
      Promise.resolve([
        {
          definition: state.definition,
          environment: state.environment,
          runnable: state.runnable,
          findings: state.findings,
          event: state.event,
        },
      ]),
    archive: () => {
      if (state.failure !== undefined) return Promise.reject(state.failure);
      const start = { entry: 'index.js', loader: 'script', exportName: 'handler' } as const;
      return Promise.resolve(createArchive([builtFile('index.js', Buffer.from(state.code))], start, []));
    },
    platform: ({ platform }) => findPlatform(platform),
    target: () => Promise.resolve(target),
    rehearse: () => {
      target.calls.push('rehearse');
      return Promise.resolve(state.here);
    },
    now: () => 7,
  });
  const deploy = async (signal = new AbortController().signal, percent?: number) => {
    const progress: DeployProgress[] = [];
    const plan = await engine.plan('fake');
    const result = await engine.apply(plan.id, {
      onProgress: (step) => progress.push(step),
      signal,
      percent,
    });
    return { plan, result: result.functions[0]!, progress };
  };
  return { target, state, engine, deploy };
}
