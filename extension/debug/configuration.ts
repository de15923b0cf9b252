import type * as vscode from 'vscode';
import type { DebugTarget } from '../../runtime/protocol/control/messages.ts';
import { debugType, goDebugType, pythonDebugType } from '../contributions/ids.ts';

/** A debug configuration of ours; `functions` names those to debug, absent: all of the folder. */
export interface FunctionsConfiguration extends vscode.DebugConfiguration {
  type: typeof debugType;
  request: 'launch';
  functions?: string[];
  /** What is replayed as soon as functions are debugged. */
  replay?: 'last-failure';
}

/** The configuration that makes the latest failure of the folder again, looked for when it is launched. */
export function replayConfiguration(name: string): FunctionsConfiguration {
  return { ...functionsConfiguration(name), replay: 'last-failure' };
}

/** The configuration that debugs functions of a folder: what F5 means without a `launch.json`. */
export function functionsConfiguration(name: string, functions?: string[]): FunctionsConfiguration {
  return {
    type: debugType,
    request: 'launch',
    name,
    // What functions print is in the Invocations view and at the lines that print it.
    internalConsoleOptions: 'neverOpen',
    ...(functions && { functions }),
  };
}

/**
 * Fills in what a configuration leaves open. The editor passes an empty one when there is no `launch.json`. Gives a
 * message instead when a field is not what it has to be.
 */
export function completeConfiguration(
  given: vscode.DebugConfiguration,
  defaultName: string,
): { configuration: FunctionsConfiguration } | { problem: 'request' | 'functions' | 'replay' } {
  const { request, functions, ...rest } = given;
  if (request && request !== 'launch') return { problem: 'request' };
  const list: unknown = typeof functions === 'string' ? [functions] : functions;
  const valid = Array.isArray(list) && list.every((name) => typeof name === 'string' && name !== '');
  if (list !== undefined && !valid) return { problem: 'functions' };
  if (given['replay'] !== undefined && given['replay'] !== 'last-failure') return { problem: 'replay' };
  const complete = functionsConfiguration(given.name || defaultName, valid ? (list as string[]) : undefined);
  return { configuration: { ...complete, ...rest, type: complete.type, name: complete.name } };
}

/** The field of an attach configuration by which we know our sessions; it survives a debugger's own resolving. */
const markField = 'porchlightInstance';

/** Id of the instance a session of js-debug is attached to, when we started it. */
export function attachedInstance(configuration: vscode.DebugConfiguration): string | undefined {
  const mark: unknown = configuration[markField];
  return typeof mark === 'string' ? mark : undefined;
}

/** What js-debug needs to attach to one instance so that breakpoints bind before its code runs. */
export function attachConfiguration(target: DebugTarget, folderPath: string): vscode.DebugConfiguration {
  const folderGlob = `${folderPath.replaceAll('\\', '/').replace(/\/$/, '')}/**`;
  return {
    type: 'pwa-node',
    request: 'attach',
    name: `${target.function} #${target.sequence}`,
    [markField]: target.instance,
    websocketAddress: target.websocketAddress,
    continueOnAttach: true,
    // Processes that user code starts are the user's business; looking for them costs a process list per attach.
    autoAttachChildProcesses: false,
    attachExistingChildren: false,
    // Generated code is known by the maps that its loading brings along, so nothing has to be searched beforehand.
    pauseForSourceMap: true,
    outFiles: [],
    resolveSourceMapLocations: [folderGlob, ...target.generated],
    // Promise-heavy code is 40 times slower with async stacks from the start.
    showAsyncStacks: { onceBreakpointResolved: 16 },
    skipFiles: ['<node_internals>/**', ...target.skip],
    internalConsoleOptions: 'neverOpen',
  };
}

/** What `debugpy` needs to attach to one instance: it stops in the user's code alone, and leaves out ours. */
export function pythonAttachConfiguration(target: DebugTarget): vscode.DebugConfiguration {
  return {
    type: pythonDebugType,
    request: 'attach',
    name: `${target.function} #${target.sequence}`,
    [markField]: target.instance,
    port: Number(new URL(target.websocketAddress).port),
    justMyCode: true,
    // The first rule that fits decides.
    rules: target.skip.map((path) => ({ path, include: false })),
    // What a function prints has its own way to the host.
    redirectOutput: false,
    subProcess: false,
    internalConsoleOptions: 'neverOpen',
  };
}

/** What `dlv`, in which the program of an instance was started, needs to attach. */
export function goAttachConfiguration(target: DebugTarget): vscode.DebugConfiguration {
  return {
    type: goDebugType,
    request: 'attach',
    mode: 'remote',
    name: `${target.function} #${target.sequence}`,
    [markField]: target.instance,
    port: Number(new URL(target.websocketAddress).port),
    stopOnEntry: false,
    hideSystemGoroutines: true,
    internalConsoleOptions: 'neverOpen',
  };
}
