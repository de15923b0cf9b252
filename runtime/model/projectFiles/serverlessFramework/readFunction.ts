import { dirname, resolve as resolvePath } from 'node:path';
import { defaultProcess, type FunctionDefinition, type ProcessSettings } from '../../functionDefinition.ts';
import { languageOfRuntime } from '../../platformDefaults.ts';
import { checkSettings } from '../checkSettings.ts';
import type { ParsedFunction } from '../projectFile.ts';
import { checkDefinition, foreignCode, readEnvironment, reportUnresolved } from '../readSettings.ts';
import { getIn, mergeTrees, textOf, type MapTree, type Tree } from '../tree.ts';
import { readEvents, readUrl } from './events.ts';
import { readAliyunEvents } from './aliyunEvents.ts';
import type { ListedFunction } from './functionList.ts';
import { readProgram } from './program.ts';
import { providerDefaults, type Service } from './service.ts';
import {
  functionSettings,
  inheritedKeys,
  tellUnknownKeys,
  usedFunctionKeys,
  type FunctionSettings,
} from './settings.ts';
import { phrase } from '../../../support/l10n.ts';

/** Reads one function of a service. */
export function readFunction(
  { key, keyRange, settings: own }: ListedFunction,
  service: Service,
): ParsedFunction | undefined {
  const { platform, problems, variables, region, accountId } = service;
  if (own.kind !== 'map') {
    tellNoFunction(key, own, service);
    return undefined;
  }
  tellUnknownKeys(own, 'function', service.plugins, problems, { function: key });
  const entries = usedEntries(own, service);
  const tree = intrinsicsOf(variables.resolve({ kind: 'map', range: keyRange, entries }), service) as MapTree;
  const settings = (checkSettings(functionSettings, tree, key, problems, { function: key }) ??
    {}) as FunctionSettings;

  const text = (value: unknown) => (value === undefined || value === null ? undefined : String(value).trim());
  const name = text(settings.name) || `${service.name}-${service.stage}-${key}`;
  reportUnresolved(tree, name, problems);
  const runtime = text(settings.runtime);
  const isImage = settings.image !== undefined && settings.image !== null;
  const language = isImage ? 'container' : runtime === undefined ? 'nodejs' : languageOfRuntime(runtime);
  const handler = text(settings.handler) ?? '';
  tellForeignCode(name, settings, tree, service);
  const program = language === 'custom' ? readProgram(service, runtime ?? '', handler) : undefined;
  const { env, unresolvedEnv } = readEnvironment(environmentOf(own, service), name, problems);
  const defaults = providerDefaults(platform);
  const description = text(settings.description);
  const initializer = text(settings.initializer);
  const position = (place: Tree) => problems.positionOf(place.range.start);
  const handlerTree = getIn(tree, 'handler');
  const runtimeTree = getIn(tree, 'runtime');
  const definition: FunctionDefinition = {
    name,
    platform,
    language,
    // That of the provider is not the image's.
    ...(runtime !== undefined && !isImage && { runtime }),
    handler,
    codeRoot: resolvePath(dirname(service.context.file)),
    process: processOf(settings),
    memoryMB: numberOr(settings.memorySize, defaults.memoryMB),
    timeoutMs: numberOr(settings.timeout, defaults.timeoutS) * 1000,
    ...(settings.ephemeralStorageSize !== undefined && {
      temporaryMB: Number(settings.ephemeralStorageSize),
    }),
    env,
    ...(Object.keys(unresolvedEnv).length > 0 && { unresolvedEnv }),
    triggers: triggersOf(name, tree, service),
    ...(initializer && {
      initializer: { handler: initializer, timeoutMs: numberOr(settings.initializationTimeout, 3) * 1000 },
    }),
    ...(service.build && language === 'nodejs' && { build: service.build }),
    ...(program && { program }),
    region,
    accountId,
    ...(description && { description }),
    declaredAt: problems.positionOf(keyRange.start),
    ...(handlerTree && { handlerAt: position(handlerTree) }),
    ...(runtimeTree && { runtimeAt: position(runtimeTree) }),
  };
  const places = {
    handler: 'handler',
    memory: 'memorySize',
    timeout: 'timeout',
    runtime: isImage ? 'image' : 'runtime',
  };
  checkDefinition(definition, { tree, ...places, name: '' }, problems);
  return { key, definition, ...rangesOf(keyRange, handlerTree, service) };
}

/** A null stands where somebody removed the settings and kept the name. */
function tellNoFunction(key: string, tree: Tree, { problems }: Service): void {
  const about = { function: key };
  if (tree.kind === 'unresolved') {
    const { expression, reason } = tree;
    problems.add('warning', 'VALUE_UNRESOLVED', { expression, detail: reason }, tree.range, about);
  } else {
    const facts = { path: `functions.${key}`, detail: phrase('expected settings of a function.') };
    problems.add('error', 'SETTING_INVALID', facts, tree.range, about);
  }
}

/** The function's own settings over those of its provider, as far as they matter here. */
function usedEntries(own: MapTree, { provider }: Service): MapTree['entries'] {
  const inherited = provider?.kind === 'map' ? [...provider.entries] : [];
  return new Map([
    ...inherited.filter(([name]) => inheritedKeys.includes(name)),
    ...[...own.entries].filter(([name]) => usedFunctionKeys.includes(name)),
  ]);
}

function intrinsicsOf(tree: Tree, { platform, intrinsics }: Service): Tree {
  const value = platform === 'aws-lambda' ? intrinsics().resolve(tree) : tree;
  return value ?? { kind: 'map', range: tree.range, entries: new Map() };
}

/** The provider's variables with the function's own over them; null takes one away. */
function environmentOf(own: MapTree, service: Service): Tree | undefined {
  const { variables, problems } = service;
  const parts = [getIn(service.provider, 'environment'), getIn(own, 'environment')].map((part) => {
    const value = part && intrinsicsOf(variables.resolve(part), service);
    if (value?.kind === 'unresolved') {
      const { expression, reason } = value;
      problems.add('warning', 'VALUE_UNRESOLVED', { expression, detail: reason }, value.range);
      return undefined;
    }
    return value?.kind === 'scalar' && value.value === null ? undefined : value;
  });
  const [shared, mine] = parts;
  if (!shared && !mine) return undefined;
  const merged = mergeTrees(shared, mine, 'replace');
  if (merged.kind !== 'map') return merged;
  const stated = [...merged.entries].filter(
    ([, { value }]) => value.kind !== 'scalar' || value.value !== null,
  );
  return { ...merged, entries: new Map(stated) };
}

function tellForeignCode(name: string, settings: FunctionSettings, tree: MapTree, service: Service): void {
  const { problems, variables, artifact: shared } = service;
  const about = { function: name };
  const own = getIn(tree, 'package', 'artifact');
  const artifact = own ?? (shared && variables.value(shared));
  const foreign = foreignCode(textOf(artifact) ?? '');
  if (foreign)
    problems.add('warning', 'CODE_UNSUPPORTED', { function: name, detail: foreign }, artifact!.range, about);
  if (settings.layers?.length) {
    const detail = phrase('what its layers hold is not added here; install it in the project.');
    problems.add('info', 'CODE_UNSUPPORTED', { function: name, detail }, getIn(tree, 'layers')!.range, about);
  }
  if (/^wsgi_handler\./.test(String(settings.handler)) && service.plugins.includes('serverless-wsgi')) {
    const detail = phrase(
      'its handler is written by the plugin serverless-wsgi at a deploy, and is missing here.',
    );
    const at = getIn(tree, 'handler')!.range;
    problems.add('warning', 'CODE_UNSUPPORTED', { function: name, detail }, at, about);
  }
}

/** Reserved concurrency bounds instances, provisioned ones are kept; never more than this machine is asked to run. */
function processOf(settings: FunctionSettings): ProcessSettings {
  const most = defaultProcess.maxInstances;
  const reserved = Number(settings.reservedConcurrency ?? most);
  const maxInstances = reserved >= 1 ? Math.min(reserved, most) : most;
  const given = settings.provisionedConcurrency;
  const provisioned = Number((typeof given === 'object' ? given?.executions : given) ?? 0);
  return {
    ...defaultProcess,
    maxInstances,
    minInstances: Math.min(provisioned, maxInstances),
    concurrency: numberOr(settings.capacityProvider?.maxConcurrency, defaultProcess.concurrency),
  };
}

function triggersOf(name: string, tree: MapTree, service: Service): FunctionDefinition['triggers'] {
  const { platform, problems, provider, variables } = service;
  const events = getIn(tree, 'events');
  if (platform === 'aliyun-fc') return readAliyunEvents(events, name, problems);
  const httpApi = getIn(provider, 'httpApi');
  const facts = { name, problems, httpApi: httpApi && variables.resolve(httpApi) };
  return [...readEvents(events, facts), ...readUrl(getIn(tree, 'url'), name)];
}

/** Ranges are of the file in which the function stands; a handler that stands in another one is not among them. */
function rangesOf(
  keyRange: ParsedFunction['nameRange'],
  handler: Tree | undefined,
  { problems, context }: Service,
): Pick<ParsedFunction, 'file' | 'nameRange' | 'handlerRange'> {
  const { file, range: nameRange } = problems.placeOf(keyRange);
  const handlerPlace = handler && problems.placeOf(handler.range);
  return {
    ...(file !== context.file && { file }),
    nameRange,
    ...(handlerPlace?.file === file && { handlerRange: handlerPlace.range }),
  };
}

function numberOr(value: string | number | undefined, otherwise: number): number {
  return value === undefined ? otherwise : Number(value);
}
