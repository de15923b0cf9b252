import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import { Emitter } from '../../runtime/support/emitter.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import type { PlatformId } from '../../runtime/model/words.ts';
import { HostProcesses } from '../support/markedProcesses.ts';
import type { LanguageForm } from './languages.ts';
import type { Settings } from './row.ts';

/** A function of the project under test. */
export interface TestedFunction {
  name: string;
  handler: string;
  settings: Settings;
}

/** An HTTP answer, and the record behind it. */
export interface Answered {
  status: number;
  headers: Headers;
  body: Buffer;
  record: InvocationRecord;
}

interface Api {
  path(name: string): string;
  /** Headers that hold the invocation's id and the kind of its error. */
  id: string;
  error: string;
  /** Status of an answer that is a function's error. */
  failed: number;
}

/** What invoke APIs call what they share. */
const apis: Record<PlatformId, Api> = {
  'aliyun-fc': {
    path: (name) => `/2023-03-30/functions/${name}/invocations`,
    id: 'x-fc-request-id',
    error: 'x-fc-error-type',
    failed: 200,
  },
  'aws-lambda': {
    path: (name) => `/2015-03-31/functions/${name}/invocations`,
    id: 'x-amzn-requestid',
    error: 'x-amz-function-error',
    failed: 200,
  },
  // It has no such API: the plain address stands for it.
  knative: {
    path: (name) => `/_porchlight/invoke/${name}`,
    id: 'x-porchlight-invocation',
    error: 'x-porchlight-error',
    failed: 500,
  },
  // Neither has OpenFaaS; its own address for calls answers before they have run.
  openfaas: {
    path: (name) => `/_porchlight/invoke/${name}`,
    id: 'x-porchlight-invocation',
    error: 'x-porchlight-error',
    failed: 500,
  },
};

/** Platforms whose programs learn from a variable of their own what they are to be. */
const toldByVariable: ReadonlySet<PlatformId> = new Set(['knative', 'openfaas']);

/** The function that is called while others misbehave, and must not notice. */
export const bystander = 'bystander';

/** Set in the environment of the host. */
export const shellVariable = 'CONFORMANCE_OF_THE_SHELL';

/** One real host over fixtures of one language and platform, and the ways to call its functions. */
export class Tested {
  readonly host: Host;
  readonly platform: PlatformId;
  readonly form: LanguageForm;
  readonly root: string;
  readonly #records = new Map<string, InvocationRecord>();
  readonly #recorded = new Emitter<InvocationRecord>();

  private constructor(host: Host, platform: PlatformId, form: LanguageForm, root: string) {
    this.host = host;
    this.platform = platform;
    this.form = form;
    this.root = root;
    for (const runtime of host.registry.all) {
      runtime.onDidFinish((record) => {
        this.#records.set(record.id, record);
        this.#recorded.fire(record);
      });
    }
  }

  static async start(platform: PlatformId, form: LanguageForm, functions: TestedFunction[]): Promise<Tested> {
    const root = await mkdtemp(join(tmpdir(), 'porchlight-conformance-'));
    await form.write(join(root, 'code'), platform);
    const all = functions.map(({ name, handler, settings }) => [
      name,
      {
        handler,
        code: 'code',
        platform,
        // Time-outs are for those that never answer: no other may be ended by a busy machine.
        timeout: '60s',
        memory: '512MB',
        triggers: [{ http: platform === 'knative' ? {} : { path: `/${name}` } }],
        // The last one with callbacks: without a runtime it is the version that runs the suite.
        ...(platform === 'aws-lambda' && form.id.startsWith('nodejs') && { runtime: 'nodejs22.x' }),
        ...settings,
        // A program is told what it is to be in its platform's way, where that has one.
        ...(toldByVariable.has(platform) && { env: { FIXTURE: handler, ...settings.env } }),
      },
    ]);
    // YAML takes JSON.
    await writeFile(join(root, 'porchlight.yaml'), JSON.stringify({ functions: Object.fromEntries(all) }));
    // No function may see what the shell of its host has.
    process.env[shellVariable] = 'leaked';
    const host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
    const wrong = host.registry.problems.filter(({ severity }) => severity === 'error');
    assert.deepEqual(wrong, [], 'the project of the fixtures is faultless');
    return new Tested(host, platform, form, root);
  }

  /** Ends the host; no process may be left over. */
  async close(): Promise<void> {
    await this.host.close('test ended');
    // What left its instance's group was killed a moment ago; the kernel needs another to take it away.
    await HostProcesses.marked(this.host.mark).gone(10_000);
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Calls through the platform's own invoke API. */
  async invoke(name: string, event: unknown = {}, headers: Record<string, string> = {}): Promise<Answered> {
    const api = this.#api;
    return this.#post(api.path(name), event, api.id, headers);
  }

  /** The invoke API's word for what went wrong; null when nothing did. */
  errorType({ headers }: Answered): string | null {
    return headers.get(this.#api.error);
  }

  /** Status of the invoke API's answers: errors of functions are none of the API's. */
  statusOf({ record }: Answered): number {
    return record.status === 'ok' ? 200 : this.#api.failed;
  }

  /** Calls through the function's HTTP trigger. */
  async trigger(name: string, event: unknown = {}): Promise<Answered> {
    // Requests to Knative have no ids.
    const ids: Partial<Record<PlatformId, string | undefined>> = {
      knative: undefined,
      openfaas: 'x-call-id',
    };
    const id = this.platform in ids ? ids[this.platform] : this.#api.id;
    return this.#post(`/${name}`, event, id, {});
  }

  /** Calls through the plain address of the gateway. */
  async plain(name: string, event: unknown = {}, query = '', signal?: AbortSignal): Promise<Answered> {
    const path = `/_porchlight/invoke/${name}${query}`;
    return this.#post(path, event, 'x-porchlight-invocation', {}, signal);
  }

  /**
   * The record of an invocation once it has what its instance noticed, which follows its answer. Without anything after 20 s:
   * a check then says what is missing.
   */
  async warned(id: string): Promise<InvocationRecord> {
    const known = this.#records.get(id);
    if (known?.warnings) return known;
    return new Promise((resolve) => {
      const done = (record: InvocationRecord | undefined): void => {
        subscription.dispose();
        clearTimeout(timer);
        if (record) resolve(record);
      };
      const subscription = this.#recorded.event((record) => {
        if (record.id === id && record.warnings) done(record);
      });
      const timer = setTimeout(() => done(known), 20_000);
    });
  }

  /** Address of the invoke API, for calls that have to be broken off. */
  apiUrl(name: string): string {
    return this.host.gateway.url + this.#api.path(name);
  }

  /** The function still works. */
  async isGood(name: string): Promise<void> {
    const answered = await this.invoke(name, { good: true });
    const said = `${name} answers a good event: ${answered.record.error?.message ?? ''}`;
    assert.equal(answered.body.toString(), this.platform === 'aws-lambda' ? '"good"' : 'good', said);
    assert.equal(this.errorType(answered), null);
  }

  /** Line of a mark in the fixtures' sources: the same in every form. */
  async lineOf(module: string, mark: string): Promise<number> {
    const file = join(this.root, 'code', `${module}.${this.form.ending}`);
    const lines = (await readFile(file, 'utf8')).split('\n');
    const index = lines.findIndex((line) => line.endsWith(`here: ${mark}`));
    assert.ok(index >= 0, `${file} has no mark "here: ${mark}"`);
    return index + 1;
  }

  get #api(): Api {
    const api = apis[this.platform];
    assert.ok(api, `${this.platform} has an invoke API in this table`);
    return api;
  }

  async #post(
    path: string,
    event: unknown,
    idHeader: string | undefined,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Answered> {
    const answer = await fetch(this.host.gateway.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: Buffer.isBuffer(event) ? new Uint8Array(event) : JSON.stringify(event),
      ...(signal ? { signal } : {}),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const id = idHeader === undefined ? this.#latest(path) : answer.headers.get(idHeader);
    assert.ok(id, `${path} names its invocation: ${answer.status} ${body.toString().slice(0, 200)}`);
    const record = await this.#recordOf(id);
    return { status: answer.status, headers: answer.headers, body, record };
  }

  /** Id of the latest request to a path. */
  #latest(path: string): string | undefined {
    return [...this.#records.values()].findLast(({ label }) => label === `POST ${path}`)?.id;
  }

  /** The record is told before the answer; late output follows within a turn of the loop. */
  async #recordOf(id: string): Promise<InvocationRecord> {
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const record = this.#records.get(id);
    assert.ok(record, `${id} left a record`);
    return record;
  }
}
