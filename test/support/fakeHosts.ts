import { Deferred } from '../../runtime/support/deferred.ts';
import { Emitter } from '../../runtime/support/emitter.ts';
import { defaultProcess } from '../../runtime/model/functionDefinition.ts';
import type { InvocationRecord, InvocationSummary } from '../../runtime/model/invocationRecord.ts';
import { PorchlightError } from '../../runtime/model/errors.ts';
import type { FunctionState, InstanceState } from '../../runtime/protocol/control/state.ts';
import type { HostLauncher, HostLink } from '../../extension/hostClient/folderHost.ts';
import type { HostApi } from '../../extension/hostClient/hostApi.ts';
import type { HostAddress } from '../../extension/hostClient/hostFile.ts';
import type { HostMirror } from '../../extension/hostClient/hostMirror.ts';
import type { HostExit, HostProcess } from '../../extension/hostClient/hostProcess.ts';
import { FakeClock } from './fakeClock.ts';

/** A function as the host tells of it. */
export function functionState(name: string, changes: Partial<FunctionState> = {}): FunctionState {
  return {
    name,
    platform: 'aws-lambda',
    platformName: 'AWS Lambda',
    language: 'nodejs',
    interpreter: 'Node.js 24.0.0',
    handler: `src/${name}.handler`,
    codeRoot: '/p',
    entryFile: `/p/src/${name}.ts`,
    declaredAt: { file: '/p/template.yaml', line: 3, column: 3 },
    process: defaultProcess,
    configuredModel: 'resident',
    memoryMB: 512,
    timeoutMs: 60_000,
    environmentNames: [],
    triggers: [],
    urls: { invoke: `http://127.0.0.1:4000/_porchlight/invoke/${name}`, http: [] },
    build: { state: 'none' },
    instances: [],
    queued: 0,
    statistics: {},
    ...changes,
  };
}

/** A live instance of a function. */
export function instanceState(
  name: string,
  sequence: number,
  changes: Partial<InstanceState> = {},
): InstanceState {
  return {
    id: `${name}#${sequence}`,
    function: name,
    sequence,
    pid: 4700 + sequence,
    phase: 'idle',
    startedAt: 0,
    calls: 1,
    debugged: false,
    ...changes,
  };
}

/** What a record shows in lists. */
export function summaryOf(record: InvocationRecord): InvocationSummary {
  const { event: _event, result: _result, logs: _logs, logsDropped: _dropped, ...summary } = record;
  return summary;
}

/** A host that runs nothing: what it tells and answers is up to the test. */
export class FakeHost {
  readonly address: HostAddress;
  readonly calls: [method: string, ...args: unknown[]][] = [];
  functions: FunctionState[] = [];
  recent: InvocationSummary[] = [];
  records = new Map<string, InvocationRecord>();
  mirror: HostMirror | undefined;
  /** What requests are answered with; undefined by default. */
  readonly answers: Partial<Record<keyof HostApi, (...args: never[]) => unknown>> = {
    getInvocation: (id: string) => this.records.get(id) ?? null,
    queryInvocations: () => [],
    listDeployed: () => [],
    listTargets: () => [{ name: 'local', type: 'local', stated: true }],
    serve: () => ({ running: false, functions: [] }),
  };
  readonly #closed = new Emitter<string>();
  readonly #stopped = new Deferred<HostExit>();

  constructor(pid: number) {
    this.address = { pid, gateway: `http://127.0.0.1:${pid}`, control: `ws://127.0.0.1:${pid}`, token: 't' };
  }

  link(mirror: HostMirror): HostLink {
    this.mirror = mirror;
    return {
      api: this.#api(),
      pid: this.address.pid,
      version: '1',
      gateway: this.address.gateway,
      begin: () => mirror.reset({ functions: this.functions, problems: [], recent: this.recent }),
      onClose: this.#closed.event,
      dispose: () => {},
    };
  }

  #api(): HostApi {
    return new Proxy({} as HostApi, {
      get: (_target, method: string) => {
        // A promise that resolves to it must not take it for another promise.
        if (method === 'then') return undefined;
        return (...args: unknown[]) => {
          this.calls.push([method, ...args]);
          return Promise.resolve(
            (this.answers[method as keyof HostApi] as ((...args: unknown[]) => unknown) | undefined)?.(
              ...args,
            ),
          );
        };
      },
    });
  }

  process(): HostProcess {
    return {
      pid: this.address.pid,
      address: this.address,
      stopped: this.#stopped.promise,
      stop: () => {
        this.#stopped.resolve({ code: 0, signal: null, stderr: '' });
        return Promise.resolve();
      },
      dispose: () => this.crash('killed'),
    };
  }

  /** The process ends by itself. */
  crash(stderr: string): void {
    this.#stopped.resolve({ code: 7, signal: null, stderr });
  }

  /** The connection breaks. */
  disconnect(): void {
    this.#closed.fire('gone');
  }
}

/** A launcher of fake hosts. `next` is what the next start brings; `running` is what other windows started. */
export class FakeLauncher implements HostLauncher {
  readonly clock = new FakeClock();
  readonly launched: FakeHost[] = [];
  readonly logged: string[] = [];
  running: FakeHost | undefined;
  failNext: string | undefined;
  prepare: (host: FakeHost) => void = () => {};
  #pid = 100;

  findNode = () =>
    Promise.resolve({ path: '/usr/bin/node', version: '24.0.0', origin: 'found' as const, env: {} });

  launch = (): Promise<HostProcess> => {
    if (this.failNext !== undefined) {
      const detail = this.failNext;
      this.failNext = undefined;
      return Promise.reject(new PorchlightError('HOST_START_FAILED', { root: '/p', detail }));
    }
    const host = this.create();
    this.launched.push(host);
    return Promise.resolve(host.process());
  };

  /** A host as another window would have started it. */
  create(): FakeHost {
    const host = new FakeHost(this.#pid++);
    this.prepare(host);
    return host;
  }

  readAddress = () => Promise.resolve(this.running?.address);

  connect = (address: HostAddress, _root: string, mirror: HostMirror): Promise<HostLink> => {
    const host = [this.running, ...this.launched].find((one) => one?.address.pid === address.pid);
    return host ? Promise.resolve(host.link(mirror)) : Promise.reject(new Error('nobody there'));
  };

  describeExit = (exit: HostExit): string => `it ended with code ${exit.code}: ${exit.stderr}`;
  log = (text: string): void => void this.logged.push(text);
}

/** Lets promises that are settled already take their effect. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
