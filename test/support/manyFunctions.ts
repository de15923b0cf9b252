import { DeployEngine } from '../../runtime/deploy/engine.ts';
import type { DeployInput, DeployTarget } from '../../runtime/deploy/target.ts';
import type { TargetContext } from '../../runtime/deploy/targetContext.ts';
import type { DeployResult } from '../../runtime/model/deploy.ts';
import type { FunctionDefinition } from '../../runtime/model/functionDefinition.ts';
import { builtFile, createArchive } from '../../runtime/packaging/archive.ts';
import { findPlatform } from '../../runtime/platforms/index.ts';
import { functionDefinition } from './functionDefinition.ts';

/** A project of many functions, each with code of its own. */
export class ManyFunctions {
  readonly code = new Map<string, string>();
  readonly #definitions: FunctionDefinition[];
  readonly #open: (context: TargetContext) => Promise<DeployTarget>;

  constructor(
    count: number,
    common: Partial<FunctionDefinition>,
    open: (context: TargetContext) => Promise<DeployTarget>,
  ) {
    this.#definitions = Array.from({ length: count }, (_, at) => {
      const name = `many-${String(at).padStart(2, '0')}`;
      this.code.set(name, `exports.handler = async () => ${at};`);
      return { ...functionDefinition('/p', { name }), ...common };
    });
    this.#open = open;
  }

  /** Plans and carries out, as one run of the command line does. */
  async deploy(): Promise<DeployResult['functions']> {
    const engine = this.#engine();
    const { id } = await engine.plan('prod');
    const signal = new AbortController().signal;
    return (await engine.apply(id, { signal, onProgress: () => {} })).functions;
  }

  #engine(): DeployEngine {
    const event = { bytes: Buffer.from('{}'), trigger: 'event', expects: false, check: () => [] } as const;
    const start = { entry: 'index.js', loader: 'script', exportName: 'handler' } as const;
    const inputs = this.#definitions.map((definition): DeployInput => ({
      definition,
      environment: {},
      runnable: true,
      findings: [],
      event,
    }));
    return new DeployEngine({
      read: () => Promise.resolve(inputs),
      archive: ({ name }) =>
        Promise.resolve(createArchive([builtFile('index.js', Buffer.from(this.code.get(name)!))], start, [])),
      platform: ({ platform }) => findPlatform(platform),
      target: () => this.#open({ functions: () => Promise.resolve(this.#definitions) }),
      rehearse: () => Promise.resolve({ answered: true, status: 'ok', durationMs: 1 }),
      now: () => 0,
    });
  }
}
