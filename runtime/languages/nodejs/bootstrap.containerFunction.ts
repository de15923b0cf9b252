import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WatchdogStart } from './bootstrap.watchdog.ts';
import { ContractError, describeThrown, type HandlerContract } from '../../protocol/instance/contract.ts';

type Code = (...args: never[]) => unknown;

/** A module and what of it is called. */
interface Named {
  /** Absolute path of the module. */
  entry: string;
  exportName: string;
  handler: string;
}

/** What an image says of its function: `start.json` beside the server. */
export interface ContainerStart extends Named {
  /** Path of the contract bundle, relative to the server. */
  contract: string;
  loader: 'script' | 'import';
  initializer?: Named;
  preStop?: Named;
  lifetime: Record<string, unknown>;
  concurrency: number;
  /** Time a request may take, in milliseconds; absent: whoever sends it sees to that. */
  timeoutMs?: number;
  /** Checks of the function's own, which wait for no request. */
  checkPaths: string[];
  /** Variables that may hold the port, the first that is set counts. */
  portVariables: string[];
  port: number;
  /** What is told to a gateway that asks, where there is one. */
  watchdog?: WatchdogStart;
}

/** A function that was loaded. */
export interface ContainerFunction {
  contract: HandlerContract;
  handler: Code;
  /** Runs the hook of the end, if there is one. */
  preStop(): Promise<void>;
}

/** Reads what the image says of its function. */
export function readStart(folder: string): ContainerStart {
  return JSON.parse(readFileSync(join(folder, 'start.json'), 'utf8')) as ContainerStart;
}

/** Loads the contract, the module and its hooks, and runs the initializer. Throws what the platform says of a failure. */
export async function loadFunction(folder: string, start: ContainerStart): Promise<ContainerFunction> {
  const file = join(folder, start.contract);
  const { contract } = createRequire(file)(file) as { contract: HandlerContract };
  const { lifetime, loader } = start;
  const load = (entry: string): unknown =>
    loader === 'import' ? import(pathToFileURL(entry).href) : createRequire(entry)(entry);
  const find = async (named: Named): Promise<Code> =>
    contract.resolve({ ...named, exports: await load(named.entry) }, lifetime);
  const run = async (hook: Code | undefined): Promise<void> => {
    if (hook) await contract.hook?.(hook, lifetime);
  };
  contract.prepare?.(lifetime);
  const handler = await find(start);
  const preStop = start.preStop && (await find(start.preStop));
  await run(start.initializer ? await find(start.initializer) : contract.initializer?.());
  return { contract, handler, preStop: () => run(preStop) };
}

/** An error as a log shows it: type and text, then the stack. */
export function errorText(error: unknown): string {
  const { type, message, stack } = describeThrown(error);
  const shown = error instanceof ContractError ? error.type : type;
  const frames = stack.filter((line) => /^\s+at /.test(line));
  return [`${shown}: ${message}`, ...frames].join('\n');
}
