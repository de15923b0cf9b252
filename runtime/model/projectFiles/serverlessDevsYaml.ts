import { dirname, resolve as resolvePath } from 'node:path';
import * as v from 'valibot';
import { defaultProcess, type FunctionDefinition, type HookDefinition } from '../functionDefinition.ts';
import { defaultCommand, splitCommand, type ProgramSettings } from '../program.ts';
import { languageOfRuntime, platformDefaults } from '../platformDefaults.ts';
import { checkSettings } from './checkSettings.ts';
import { formatFileNames } from './fileNames.ts';
import type { ProblemList } from './problemList.ts';
import {
  fileLimits,
  type ParseContext,
  type ParsedFunction,
  type ParsedProjectFile,
  type ProjectFileFormat,
} from './projectFile.ts';
import {
  checkDefinition,
  foreignCode,
  numeric,
  readEnvironment,
  reportUnresolved,
  textual,
} from './readSettings.ts';
import { asyncInvokeKeys, readAsyncInvoke } from './readAsyncInvoke.ts';
import { readTriggers } from './serverlessDevsTriggers.ts';
import { ServerlessDevsVariables } from './serverlessDevsVariables.ts';
import { entriesOf, getIn, mapAt, mergeTrees, textOf, toPlain, type MapTree, type Tree } from './tree.ts';
import { readYaml } from './yamlTree.ts';

const hook = v.looseObject(
  { handler: v.optional(textual), timeout: v.optional(numeric) },
  'expected { handler, timeout }.',
);

/** The props of component `fc3` that matter on this machine (its JSON schema; names as Serverless Devs spells them). */
const props = v.looseObject(
  {
    functionName: v.optional(textual),
    runtime: v.optional(textual),
    region: v.optional(textual),
    description: v.optional(v.nullable(textual)),
    code: v.optional(
      v.union(
        [v.string(), v.looseObject({ src: v.optional(v.string()) })],
        'expected a folder, or { src: folder }.',
      ),
    ),
    handler: v.optional(v.nullable(textual)),
    memorySize: v.optional(numeric),
    diskSize: v.optional(numeric),
    timeout: v.optional(numeric),
    instanceConcurrency: v.optional(numeric),
    customRuntimeConfig: v.optional(
      v.looseObject(
        {
          command: v.optional(v.union([textual, v.array(textual)], 'expected a list.')),
          args: v.optional(v.union([textual, v.array(textual)], 'expected a list.')),
          port: v.optional(numeric),
          healthCheckConfig: v.optional(v.looseObject({ httpGetUrl: v.optional(textual) })),
        },
        'expected { command, args, port }.',
      ),
    ),
    instanceLifecycleConfig: v.optional(
      v.looseObject(
        { initializer: v.optional(hook), preStop: v.optional(hook) },
        'expected { initializer, preStop }.',
      ),
    ),
    triggers: v.optional(v.union([v.array(v.unknown()), v.string()], 'expected a list of triggers.')),
  },
  'expected settings of a function.',
);

const usedProps = [...Object.keys(props.entries), 'customDomain', ...asyncInvokeKeys.serverlessDevs];

/** Reader of `s.yaml` (Serverless Devs 3, component `fc3`: Alibaba Function Compute 3.0). */
export const serverlessDevsYaml: ProjectFileFormat = {
  id: 'serverless-devs',
  fileNames: formatFileNames.serverlessDevs,
  accepts: (text) => /^\s*(resources|services|edition)\s*:/m.test(text),
  parse(text: string, context: ParseContext): ParsedProjectFile {
    const { tree, problems } = readYaml(text, context.file);
    const functions: ParsedFunction[] = [];
    const variables = tree && new ServerlessDevsVariables(tree, context);
    const parentFile = textOf(getIn(tree, 'extend'));
    if (parentFile) {
      const facts = {
        expression: `extend: ${parentFile}`,
        detail: 'settings of a parent file are not read yet.',
      };
      problems.add('warning', 'VALUE_UNRESOLVED', facts, getIn(tree, 'extend')!.range);
    }
    for (const [name, resource, key] of entriesOf(getIn(tree, 'resources'))) {
      const component = textOf(getIn(resource, 'component')) ?? '';
      if (/^fc(@|$)/.test(component)) {
        const detail = `component fc (Function Compute 2.0) is not read yet; fc3 is.`;
        const at = getIn(resource, 'component')!.range;
        problems.add('info', 'CODE_UNSUPPORTED', { function: name, detail }, at, { function: name });
      } else if (/^fc3(@|$)/.test(component) && functions.length < fileLimits.functions) {
        functions.push(readFunction(name, key, resource, tree!, variables!, context, problems));
      }
    }
    return {
      functions,
      overlays: [],
      targets: [],
      problems: problems.problems,
      includes: [...(variables?.files ?? []), ...(parentFile ? [parentFile] : [])],
    };
  },
};

function readFunction(
  key: string,
  nameRange: ParsedFunction['nameRange'],
  resource: Tree,
  root: Tree,
  variables: ServerlessDevsVariables,
  context: ParseContext,
  problems: ProblemList,
): ParsedFunction {
  const full = withTemplate(resource, root, key, problems);
  const whole = getIn(full, 'props');
  const used = new Map(
    [...(whole?.kind === 'map' ? whole.entries : [])].filter(([name]) => usedProps.includes(name)),
  );
  const resolved = variables.resolve({ kind: 'map', range: nameRange, entries: used }, full) as MapTree;
  const environment = getIn(whole, 'environmentVariables');
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
  const { env, unresolvedEnv } = readEnvironment(
    environment && variables.resolve(environment, full),
    name,
    problems,
  );
  const asyncInvoke = readAsyncInvoke(resolved, 'serverlessDevs', name, problems);
  const definition: FunctionDefinition = {
    name,
    platform: 'aliyun-fc',
    language,
    ...(runtime !== undefined && { runtime }),
    handler: text(settings.handler) ?? '',
    codeRoot: resolvePath(dirname(context.file), foreign ? '.' : (codePath ?? '.')),
    process: {
      ...defaultProcess,
      concurrency: numberOr(settings.instanceConcurrency, defaultProcess.concurrency),
    },
    memoryMB: numberOr(settings.memorySize, defaults.memoryMB),
    timeoutMs: numberOr(settings.timeout, defaults.timeoutMs / 1000) * 1000,
    ...(settings.diskSize !== undefined && { temporaryMB: Number(settings.diskSize) }),
    env,
    ...(Object.keys(unresolvedEnv).length > 0 && { unresolvedEnv }),
    triggers: readTriggers(resolved, name, problems),
    ...(asyncInvoke && { asyncInvoke }),
    ...(initializer && { initializer }),
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
  checkDefinition(definition, { tree: resolved, ...places }, problems);
  return {
    key,
    definition,
    nameRange,
    ...(handlerTree && { handlerRange: handlerTree.range }),
    ...(codeTree && { codeRange: codeTree.range }),
  };
}

/** `extend: { name, ignore }` of a resource: the template's props, less the ignored keys, below its own. */
function withTemplate(resource: Tree, root: Tree, key: string, problems: ProblemList): Tree {
  const extend = getIn(resource, 'extend');
  const name = textOf(getIn(extend, 'name'));
  if (!extend || name === undefined) {
    return resource;
  }
  const template = getIn(root, 'template', name);
  if (template?.kind !== 'map') {
    const facts = { path: `${key}.extend`, detail: `no template "${name}" stands under "template".` };
    problems.add('error', 'SETTING_INVALID', facts, getIn(extend, 'name')!.range, { function: key });
    return resource;
  }
  const ignored = getIn(extend, 'ignore');
  const ignore = (ignored ? (toPlain(ignored) as unknown[]) : []) ?? [];
  const kept = [...template.entries].filter(([entry]) => !Array.isArray(ignore) || !ignore.includes(entry));
  const merged = mergeTrees({ ...template, entries: new Map(kept) }, getIn(resource, 'props'), 'replace');
  return mapAt(resource.range, {
    ...Object.fromEntries(entriesOf(resource).map(([entry, value]) => [entry, value])),
    props: merged,
  });
}

function readProgram(given: v.InferInput<typeof props>['customRuntimeConfig']): ProgramSettings {
  const { command, args, port, healthCheckConfig } = given ?? {};
  const list = (value: typeof command) =>
    value === undefined ? [] : Array.isArray(value) ? value.map(String) : splitCommand(String(value));
  // Arguments without a command belong to what is started by default.
  const parts = [...(command === undefined ? [defaultCommand] : list(command)), ...list(args)];
  const healthPath = healthCheckConfig?.httpGetUrl;
  return {
    command: parts.length > 0 ? parts : [defaultCommand],
    ...(port !== undefined && { port: Number(port) }),
    ...(healthPath !== undefined && { healthPath: String(healthPath) }),
  };
}

function readHook(given: v.InferInput<typeof hook> | undefined): HookDefinition | undefined {
  const handler = given?.handler === undefined ? '' : String(given.handler).trim();
  return handler ? { handler, timeoutMs: numberOr(given?.timeout, 3) * 1000 } : undefined;
}

function numberOr(value: string | number | undefined, otherwise: number): number {
  return value === undefined ? otherwise : Number(value);
}
