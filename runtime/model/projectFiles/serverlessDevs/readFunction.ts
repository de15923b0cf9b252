import { dirname, resolve as resolvePath } from 'node:path';
import type * as v from 'valibot';
import { defaultProcess, type FunctionDefinition, type HookDefinition } from '../../functionDefinition.ts';
import { defaultCommand, splitCommand, type ProgramSettings } from '../../program.ts';
import { languageOfRuntime, platformDefaults } from '../../platformDefaults.ts';
import { checkSettings } from '../checkSettings.ts';
import type { ProblemList } from '../problemList.ts';
import type { ParseContext, ParsedFunction } from '../projectFile.ts';
import { checkDefinition, foreignCode, readEnvironment, reportUnresolved } from '../readSettings.ts';
import { readAsyncInvoke } from '../readAsyncInvoke.ts';
import { getIn, type MapTree, type Tree } from '../tree.ts';
import { props, usedProps, type hook } from './props.ts';
import { readTriggers } from './triggers.ts';
import { phrase } from '../../../support/l10n.ts';

/** Memory of a function of component `fc` that states none. */
const fc2MemoryMB = 128;

/** A function as it stands in the file: its key, and its props with their variables replaced, in the words of `fc3`. */
interface FunctionText {
  key: string;
  nameRange: ParsedFunction['nameRange'];
  props: Tree | undefined;
  /** Only of Function Compute 2.0. */
  service?: string;
}

/** Reads one function; what is wrong with it is told. */
export function readFunction(
  { key, nameRange, props: given, service }: FunctionText,
  context: ParseContext,
  problems: ProblemList,
): ParsedFunction {
  const used = new Map(
    [...(given?.kind === 'map' ? given.entries : [])].filter(([name]) => usedProps.includes(name)),
  );
  const resolved: MapTree = { kind: 'map', range: nameRange, entries: used };
  const settings = checkSettings(props, resolved, key, problems, { function: key }) ?? {};
  const text = (value: unknown) => (value === undefined || value === null ? undefined : String(value).trim());

  const name = text(settings.functionName) || key;
  const defaults = platformDefaults('aliyun-fc');
  const runtime = text(settings.runtime);
  const language = runtime === undefined ? 'nodejs' : languageOfRuntime(runtime);
  reportUnresolved(resolved, name, problems);
  const codePath = typeof settings.code === 'object' ? settings.code.src : settings.code;
  const codeTree =
    typeof settings.code === 'object' ? getIn(resolved, 'code', 'src') : getIn(resolved, 'code');
  const foreign = codePath === undefined ? undefined : foreignCode(codePath);
  if (foreign) {
    const facts = { function: name, detail: foreign };
    problems.add('warning', 'CODE_UNSUPPORTED', facts, codeTree!.range, { function: name });
  }
  const handlerTree = getIn(resolved, 'handler');
  const runtimeTree = getIn(resolved, 'runtime');
  const description = text(settings.description);
  const program = language === 'custom' ? readProgram(settings.customRuntimeConfig) : undefined;
  const initializer = readHook(settings.instanceLifecycleConfig?.initializer);
  const preStop = readHook(settings.instanceLifecycleConfig?.preStop);
  const preFreeze = service === undefined ? undefined : readHook(settings.instanceLifecycleConfig?.preFreeze);
  const takesRequests = service !== undefined && language !== 'php';
  const { env, unresolvedEnv } = readEnvironment(getIn(given, 'environmentVariables'), name, problems);
  const provision = readProvision(settings.provisionConfig);
  const asyncInvoke = readAsyncInvoke(resolved, 'serverlessDevs', name, problems);
  const definition: FunctionDefinition = {
    name,
    ...(service !== undefined && { service }),
    platform: 'aliyun-fc',
    language,
    ...(runtime !== undefined && { runtime }),
    handler: text(settings.handler) ?? '',
    codeRoot: resolvePath(dirname(context.file), foreign ? '.' : (codePath ?? '.')),
    process: {
      ...defaultProcess,
      concurrency: numberOr(settings.instanceConcurrency, defaultProcess.concurrency),
    },
    memoryMB: numberOr(settings.memorySize, service === undefined ? defaults.memoryMB : fc2MemoryMB),
    timeoutMs: numberOr(settings.timeout, defaults.timeoutMs / 1000) * 1000,
    ...(settings.diskSize !== undefined && { temporaryMB: Number(settings.diskSize) }),
    env,
    ...(Object.keys(unresolvedEnv).length > 0 && { unresolvedEnv }),
    triggers: readTriggers(resolved, { name, service, takesRequests }, problems),
    ...(provision && { provision }),
    ...(asyncInvoke && { asyncInvoke }),
    ...(initializer && { initializer }),
    ...(preFreeze && { preFreeze }),
    ...(preStop && { preStop }),
    ...(program && { program }),
    region: text(settings.region) || defaults.region,
    accountId: defaults.accountId,
    ...(description && { description }),
    declaredAt: problems.positionOf(nameRange.start),
    ...(handlerTree && { handlerAt: problems.positionOf(handlerTree.range.start) }),
    ...(runtimeTree && { runtimeAt: problems.positionOf(runtimeTree.range.start) }),
  };
  const places = {
    handler: 'handler',
    memory: 'memorySize',
    timeout: 'timeout',
    runtime: 'runtime',
    name: '',
    hooks: 'instanceLifecycleConfig',
  };
  if (service !== undefined && !takesRequests && definition.triggers.some(({ kind }) => kind === 'http')) {
    const detail = phrase(
      'handlers of HTTP triggers of Function Compute 2.0 that take PSR-7 requests are not called here; the function gets the event of 3.0.',
    );
    const at = runtimeTree?.range ?? nameRange;
    problems.add('warning', 'CODE_UNSUPPORTED', { function: name, detail }, at, { function: name });
  }
  checkDefinition(definition, { tree: resolved, ...places }, problems);
  return {
    key,
    definition,
    nameRange,
    ...(handlerTree && { handlerRange: handlerTree.range }),
    ...(codeTree && { codeRange: codeTree.range }),
  };
}

/** What the cloud keeps ready; this machine does not follow it. */
function readProvision(
  given: v.InferInput<typeof props>['provisionConfig'],
): FunctionDefinition['provision'] {
  return given?.defaultTarget === undefined
    ? undefined
    : { ...given, defaultTarget: Number(given.defaultTarget) };
}

function readProgram(given: v.InferInput<typeof props>['customRuntimeConfig']): ProgramSettings {
  const { command, args, port, healthCheckConfig } = given ?? {};
  const list = (value: typeof command) =>
    value === undefined ? [] : Array.isArray(value) ? value.map(String) : partsOf(String(value));
  // Arguments without a command belong to what is started by default.
  const parts = [...(command === undefined ? [defaultCommand] : list(command)), ...list(args)];
  const healthPath = healthCheckConfig?.httpGetUrl;
  return {
    command: parts.length > 0 ? parts : [defaultCommand],
    ...(port !== undefined && { port: Number(port) }),
    ...(healthPath !== undefined && { healthPath: String(healthPath) }),
  };
}

/** Of a command that is text: it may also be a list written as JSON, as 2.0 documents it for arguments. */
function partsOf(text: string): string[] {
  if (!text.trimStart().startsWith('[')) return splitCommand(text);
  try {
    const parts: unknown = JSON.parse(text);
    return Array.isArray(parts) ? parts.map(String) : splitCommand(text);
  } catch {
    return splitCommand(text);
  }
}

function readHook(given: v.InferInput<typeof hook> | undefined): HookDefinition | undefined {
  const handler = given?.handler === undefined ? '' : String(given.handler).trim();
  return handler ? { handler, timeoutMs: numberOr(given?.timeout, 3) * 1000 } : undefined;
}

function numberOr(value: string | number | undefined, otherwise: number): number {
  return value === undefined ? otherwise : Number(value);
}
