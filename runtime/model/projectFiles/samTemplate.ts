import { dirname, resolve as resolvePath } from 'node:path';
import * as v from 'valibot';
import { defaultProcess, type FunctionDefinition } from '../functionDefinition.ts';
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
import { readBuild, readProgram } from './samBuild.ts';
import { apiAuths, readEvents, type ApiAuths } from './samEvents.ts';
import { readQueues, samQueueNames } from './samQueues.ts';
import { readWebAdapter } from './samWebAdapter.ts';
import { intrinsicOf, SamIntrinsics } from './samIntrinsics.ts';
import { entriesOf, getIn, mergeTrees, textOf, type MapTree, type Tree } from './tree.ts';
import { readYaml } from './yamlTree.ts';
import { type Phrase, phrase } from '../../support/l10n.ts';

/** The properties of `AWS::Serverless::Function` that matter on this machine. */
const properties = v.looseObject(
  {
    CodeUri: v.optional(v.union([v.string(), v.looseObject({})], 'expected a folder.')),
    Handler: v.optional(v.nullable(textual)),
    Runtime: v.optional(textual),
    Description: v.optional(v.nullable(textual)),
    MemorySize: v.optional(numeric),
    Timeout: v.optional(numeric),
    EphemeralStorage: v.optional(v.looseObject({ Size: v.optional(numeric) }, 'expected { Size }.')),
    PackageType: v.optional(textual),
    InlineCode: v.optional(v.string('expected text.')),
    Events: v.optional(v.nullable(v.record(v.string(), v.unknown(), 'expected events by name.'))),
    FunctionUrlConfig: v.optional(v.looseObject({}, 'expected { AuthType }.')),
  },
  'expected properties of a function.',
);

const usedProperties = [...Object.keys(properties.entries), ...asyncInvokeKeys.sam];

/** Reader of AWS SAM templates in YAML. */
export const samTemplate: ProjectFileFormat = {
  id: 'sam',
  fileNames: formatFileNames.sam,
  accepts: (text) => /AWS::Serverless(-2016-10-31|::)/.test(text),
  parse(text: string, context: ParseContext): ParsedProjectFile {
    const { tree, problems } = (context.readYaml ?? readYaml)(text, context.file);
    const resources = entriesOf(getIn(tree, 'Resources')).filter(
      ([, resource]) => textOf(getIn(resource, 'Type')) === 'AWS::Serverless::Function',
    );
    const defaults = platformDefaults('aws-lambda');
    const names = new Map(resources.map(([id, resource]) => [id, literalName(resource) ?? id]));
    const queueNames = samQueueNames(tree);
    const intrinsics =
      tree &&
      new SamIntrinsics(tree, {
        region: defaults.region,
        accountId: defaults.accountId,
        functionName: (id) => names.get(id),
        queueName: (id) => queueNames.get(id),
      });
    const auths = apiAuths(tree, (part) => intrinsics?.resolve(part));
    const layersOf = (value: Tree | undefined) => localLayers(value, tree, dirname(context.file));
    const functions = resources.slice(0, fileLimits.functions).map(([id, resource, key]) => {
      const globals = getIn(tree, 'Globals', 'Function');
      return readFunction(
        id,
        names.get(id)!,
        key,
        resource,
        globals,
        intrinsics!,
        { auths, layersOf },
        context,
        problems,
      );
    });
    const queues = intrinsics ? readQueues(tree, queueNames, intrinsics, problems) : [];
    return { functions, overlays: [], targets: [], queues, problems: problems.problems, includes: [] };
  },
};

/** A `FunctionName` that is plain text; one made of parameters would be a name nobody types. */
function literalName(resource: Tree): string | undefined {
  const name = getIn(resource, 'Properties', 'FunctionName');
  return name && !intrinsicOf(name) ? textOf(name)?.trim() || undefined : undefined;
}

function readFunction(
  key: string,
  name: string,
  nameRange: ParsedFunction['nameRange'],
  resource: Tree,
  globals: Tree | undefined,
  intrinsics: SamIntrinsics,
  { auths, layersOf }: { auths: ApiAuths; layersOf(value: Tree | undefined): string[] },
  context: ParseContext,
  problems: ProblemList,
): ParsedFunction {
  const stands = getIn(resource, 'Properties');
  const merged = mergeTrees(
    globals?.kind === 'map' ? globals : undefined,
    stands?.kind === 'map' ? stands : empty(nameRange),
    'join',
  );
  const entries = new Map([...(merged as MapTree).entries].filter(([name]) => usedProperties.includes(name)));
  const resolved = (intrinsics.resolve({ kind: 'map', range: nameRange, entries }) ??
    empty(nameRange)) as MapTree;
  const variables = getIn(merged, 'Environment', 'Variables');
  const settings = checkSettings(properties, resolved, key, problems, { function: name }) ?? {};
  const text = (value: unknown) => (value === undefined || value === null ? undefined : String(value).trim());

  const defaults = platformDefaults('aws-lambda');
  const runtime = text(settings.Runtime);
  const isImage = text(settings.PackageType) === 'Image';
  const stated = isImage ? 'container' : runtime === undefined ? 'nodejs' : languageOfRuntime(runtime);
  reportUnresolved(resolved, name, problems);
  const codeUri = typeof settings.CodeUri === 'string' ? settings.CodeUri : undefined;
  const foreign = foreignCodeOf(settings, codeUri);
  if (foreign) {
    const at = getIn(resolved, 'CodeUri') ?? getIn(resolved, 'InlineCode') ?? { range: nameRange };
    problems.add('warning', 'CODE_UNSUPPORTED', { function: name, detail: foreign }, at.range, {
      function: name,
    });
  }
  const handlerTree = getIn(resolved, 'Handler');
  const runtimeTree = getIn(resolved, 'Runtime');
  const description = text(settings.Description);
  const metadata = intrinsics.resolve(getIn(resource, 'Metadata') ?? empty(nameRange));
  const build = readBuild(metadata);
  const handler = text(settings.Handler) ?? '';
  const own = stated === 'custom' ? readProgram(metadata, key, runtime ?? '', handler) : undefined;
  const { env, unresolvedEnv } = readEnvironment(variables && intrinsics.resolve(variables), name, problems);
  const adapted = isImage ? undefined : readWebAdapter(getIn(merged, 'Layers'), env, handler, own);
  const program = adapted ?? own;
  const language = adapted ? 'custom' : stated;
  const asyncInvoke = readAsyncInvoke(resolved, 'sam', name, problems);
  const layers = layersOf(getIn(merged, 'Layers'));
  const definition: FunctionDefinition = {
    name,
    platform: 'aws-lambda',
    language,
    ...(runtime !== undefined && { runtime }),
    handler,
    codeRoot: resolvePath(dirname(context.file), foreign ? '.' : (codeUri ?? '.')),
    ...(layers.length > 0 && { layers }),
    process: { ...defaultProcess },
    memoryMB: settings.MemorySize === undefined ? defaults.memoryMB : Number(settings.MemorySize),
    timeoutMs: settings.Timeout === undefined ? defaults.timeoutMs : Number(settings.Timeout) * 1000,
    ...(settings.EphemeralStorage?.Size !== undefined && {
      temporaryMB: Number(settings.EphemeralStorage.Size),
    }),
    env,
    ...(Object.keys(unresolvedEnv).length > 0 && { unresolvedEnv }),
    triggers: readEvents(resolved, name, problems, auths),
    ...(asyncInvoke && { asyncInvoke }),
    ...(build && { build }),
    ...(program && { program }),
    region: defaults.region,
    accountId: defaults.accountId,
    ...(description && { description }),
    declaredAt: problems.positionOf(nameRange.start),
    ...(handlerTree && { handlerAt: problems.positionOf(handlerTree.range.start) }),
    ...(runtimeTree && { runtimeAt: problems.positionOf(runtimeTree.range.start) }),
  };
  const places = {
    handler: 'Handler',
    memory: 'MemorySize',
    timeout: 'Timeout',
    runtime: 'Runtime',
    name: '',
  };
  checkDefinition(definition, { tree: resolved, ...places }, problems);
  const codeTree = getIn(resolved, 'CodeUri');
  return {
    key,
    definition,
    nameRange,
    ...(handlerTree && { handlerRange: handlerTree.range }),
    ...(codeTree && { codeRange: codeTree.range }),
  };
}

/** Folders of layers of the same template; others are known in the cloud alone. */
function localLayers(value: Tree | undefined, template: Tree | undefined, folder: string): string[] {
  return (value?.kind === 'list' ? value.items : []).flatMap((item) => {
    const call = intrinsicOf(item);
    const id = call?.name === 'Ref' ? textOf(call.argument) : undefined;
    const layer = id === undefined ? undefined : getIn(template, 'Resources', id);
    const content = textOf(getIn(layer, 'Properties', 'ContentUri'))?.trim();
    const isLayer = textOf(getIn(layer, 'Type')) === 'AWS::Serverless::LayerVersion';
    return isLayer && content && !foreignCode(content) ? [resolvePath(folder, content)] : [];
  });
}

function foreignCodeOf(
  settings: v.InferInput<typeof properties>,
  codeUri: string | undefined,
): Phrase | undefined {
  if (settings.InlineCode !== undefined) {
    return phrase('its code stands inside the template (InlineCode). Move it to a file to run it here.');
  }
  if (typeof settings.CodeUri === 'object') {
    return phrase('its code lies in a bucket. Give the folder here to run it.');
  }
  return codeUri === undefined ? undefined : foreignCode(codeUri);
}

function empty(range: ParsedFunction['nameRange']): MapTree {
  return { kind: 'map', range, entries: new Map() };
}
