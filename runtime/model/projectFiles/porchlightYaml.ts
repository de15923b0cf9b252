import { dirname, resolve } from 'node:path';
import type * as v from 'valibot';
import type {
  FunctionDefinition,
  HookDefinition,
  ProcessSettings,
  TriggerDefinition,
} from '../functionDefinition.ts';
import { nearest } from '../nearest.ts';
import {
  checkAsyncInvoke,
  checkHooks,
  checkMemory,
  checkTimeout,
  languageOfRuntime,
  platformDefaults,
  usualProcess,
} from '../platformDefaults.ts';
import type { TargetDefinition } from '../project.ts';
import { parseDuration, parseSize } from '../units.ts';
import { splitHandler } from '../handlerString.ts';
import { readDeclaredEvents } from '../testing/savedEvent.ts';
import { programLanguages, runnableLanguages } from '../languages.ts';
import { usualPlatform } from '../usualRuntimes.ts';
import { splitCommand, type ProgramSettings } from '../program.ts';
import { targetSettings } from './anyTarget.ts';
import { checkSettings } from './checkSettings.ts';
import { formatFileNames } from './fileNames.ts';
import { functionSettings, interpreterVersion, porchlightSettings } from './porchlightSchema.ts';
import { readAsyncSettings } from './porchlightAsync.ts';
import { readQueues } from './porchlightQueues.ts';
import type { ProblemList } from './problemList.ts';
import {
  fileLimits,
  type FunctionOverlay,
  type ParseContext,
  type ParsedFunction,
  type ParsedProjectFile,
  type ProjectFileFormat,
} from './projectFile.ts';
import { entriesOf, getIn, rangeOf, textOf, type Tree } from './tree.ts';
import { otherTrigger } from './triggerConfig.ts';
import { readYaml } from './yamlTree.ts';
import { phrase } from '../../support/l10n.ts';

type Settings = v.InferInput<typeof functionSettings>;

/** Reader of `porchlight.yaml`, Porchlight's own file: whole functions, or settings over those of other files. */
export const porchlightYaml: ProjectFileFormat = {
  id: 'porchlight',
  fileNames: formatFileNames.porchlight,
  accepts: () => true,
  parse(text: string, context: ParseContext): ParsedProjectFile {
    const { tree, problems } = (context.readYaml ?? readYaml)(text, context.file);
    const parsed: ParsedProjectFile = {
      functions: [],
      overlays: [],
      targets: [],
      problems: [],
      includes: [],
    };
    if (!tree) {
      return { ...parsed, problems: problems.problems };
    }
    for (const [name, , key] of entriesOf(tree)) {
      if (!Object.hasOwn(porchlightSettings.entries, name)) {
        const known = Object.keys(porchlightSettings.entries);
        problems.add('warning', 'SETTING_UNKNOWN', { key: name, nearest: nearest(name, known) }, key);
      }
    }
    for (const part of ['functions', 'targets', 'queues']) {
      const at = getIn(tree, part);
      if (at?.kind === 'list' || textOf(at) !== undefined) {
        const detail = phrase('expected names with settings.');
        problems.add('error', 'SETTING_INVALID', { path: part, detail }, at!.range);
      }
    }
    for (const [name, settings, key] of entriesOf(getIn(tree, 'functions')).slice(0, fileLimits.functions)) {
      const tree: Tree =
        textOf(settings) === undefined && settings.kind === 'scalar' ? emptyMap(settings) : settings;
      const checked = checkSettings(functionSettings, tree, name, problems, { function: name });
      if (checked) {
        const overlay = readOverlay(name, checked, tree, problems.positionOf(key.start), context, problems);
        parsed.overlays.push(overlay);
        if (overlay.standsAlone) {
          parsed.functions.push(readFunction(overlay, checked, tree, key, context, problems));
        }
      }
    }
    for (const [name, settings] of entriesOf(getIn(tree, 'targets'))) {
      const schema = targetSettings(textOf(getIn(settings, 'type')));
      const checked: (Record<string, unknown> & { type?: string }) | undefined = checkSettings(
        schema,
        settings,
        `targets.${name}`,
        problems,
      );
      if (checked?.type) {
        parsed.targets.push({
          name,
          type: checked.type,
          settings: { ...checked },
        } satisfies TargetDefinition);
      }
    }
    const queues = readQueues(getIn(tree, 'queues'), problems);
    return { ...parsed, ...(queues.length > 0 && { queues }), problems: problems.problems };
  },
};

function emptyMap(at: Tree): Tree {
  return { kind: 'map', range: at.range, entries: new Map() };
}

function readOverlay(
  name: string,
  settings: Settings,
  tree: Tree,
  declaredAt: FunctionOverlay['declaredAt'],
  context: ParseContext,
  problems: ProblemList,
): FunctionOverlay {
  const handler = settings.handler?.trim();
  const handlerTree = getIn(tree, 'handler');
  const runtimeTree = getIn(tree, 'interpreter') ?? getIn(tree, 'runtime');
  const program = readProgram(settings);
  const language =
    settings.language ??
    (settings.runtime ? languageOfRuntime(settings.runtime) : program && programLanguages[0]);
  const overlay: FunctionOverlay['settings'] = {
    ...definedOnly({
      platform: settings.platform,
      handler: handler || undefined,
      handlerAt: handler && handlerTree ? problems.positionOf(handlerTree.range.start) : undefined,
      codeRoot: settings.code === undefined ? undefined : resolve(dirname(context.file), settings.code),
      runtime: settings.runtime,
      interpreter: readInterpreter(getIn(tree, 'interpreter'), settings, context),
      runtimeAt:
        settings.runtime !== undefined || settings.interpreter !== undefined
          ? problems.positionOf(runtimeTree!.range.start)
          : undefined,
      language,
      region: settings.region,
      description: settings.description,
      process: settings.process && readProcess(settings.process),
      memoryMB: settings.memory === undefined ? undefined : parseSize(settings.memory),
      timeoutMs: settings.timeout === undefined ? undefined : parseDuration(settings.timeout),
      temporaryMB: settings.disk === undefined ? undefined : parseSize(settings.disk),
      env: settings.env && readEnvironment(settings.env, tree),
      triggers:
        settings.triggers &&
        nameApart(
          settings.triggers.flatMap((trigger, index) =>
            readTrigger(
              trigger,
              getIn(tree, 'triggers', index),
              name,
              settings.platform ?? usualPlatform(language ?? 'nodejs'),
              problems,
            ),
          ),
        ),
      asyncInvoke: settings.async && readAsyncSettings(settings.async),
      checksAuth: settings.checkAuth,
      initializer: readHook(settings.initializer),
      preStop: readHook(settings.preStop),
      program,
    }),
  };
  const events = readDeclaredEvents(getIn(tree, 'events'), name, context.file, problems);
  const standsAlone = Boolean(handler) || (language !== undefined && programLanguages.includes(language));
  return { name, declaredAt, standsAlone, events, settings: overlay };
}

function readFunction(
  overlay: FunctionOverlay,
  settings: Settings,
  tree: Tree,
  key: ParsedFunction['nameRange'],
  context: ParseContext,
  problems: ProblemList,
): ParsedFunction {
  const platform = settings.platform ?? usualPlatform(overlay.settings.language ?? 'nodejs');
  const defaults = platformDefaults(platform);
  const { process, handler, ...stated } = overlay.settings;
  const definition: FunctionDefinition = {
    name: overlay.name,
    platform,
    language: 'nodejs',
    handler: handler ?? '',
    codeRoot: dirname(context.file),
    memoryMB: defaults.memoryMB,
    timeoutMs: defaults.timeoutMs,
    env: {},
    triggers: [],
    region: defaults.region,
    accountId: defaults.accountId,
    declaredAt: overlay.declaredAt,
    ...stated,
    process: { ...usualProcess(platform, stated.language ?? 'nodejs'), ...process },
  };
  const about = { function: overlay.name };
  const handlerTree = getIn(tree, 'handler');
  const runnable = runnableLanguages.includes(definition.language);
  const isProgram = programLanguages.includes(definition.language);
  if (runnable && !isProgram && !splitHandler(definition.handler, platform, definition.language)) {
    problems.add(
      'error',
      'HANDLER_INVALID',
      { handler: definition.handler },
      rangeOf(tree, ['handler']),
      about,
    );
  }
  if (!runnable) {
    const facts = { function: overlay.name, runtime: settings.runtime ?? definition.language };
    problems.add(
      'info',
      'LANGUAGE_LATER',
      facts,
      rangeOf(tree, [settings.language ? 'language' : 'runtime']),
      about,
    );
  }
  for (const [setting, detail] of [
    ['memory', checkMemory(definition.memoryMB, platform)],
    ['timeout', checkTimeout(definition.timeoutMs, platform)],
    ['async', checkAsyncInvoke(definition.asyncInvoke, platform)],
    ...checkHooks(definition),
  ] as const) {
    if (detail) {
      const path = `${overlay.name}.${setting}`;
      problems.add('warning', 'SETTING_INVALID', { path, detail }, rangeOf(tree, [setting]), about);
    }
  }
  const code = getIn(tree, 'code');
  return {
    key: overlay.name,
    definition,
    nameRange: key,
    ...(handlerTree && { handlerRange: handlerTree.range }),
    ...(code && { codeRange: code.range }),
  };
}

function readProgram({ command, build, protocol, port }: Settings): ProgramSettings | undefined {
  const program = definedOnly({
    command: typeof command === 'string' ? splitCommand(command) : command,
    build,
    protocol,
    port,
  });
  return Object.keys(program).length > 0 ? program : undefined;
}

/** A version as it is spelled (`22.10` is no number), or an absolute path. */
function readInterpreter(
  tree: Tree | undefined,
  settings: Settings,
  context: ParseContext,
): string | undefined {
  const text = settings.interpreter === undefined ? undefined : textOf(tree)?.trim();
  if (text === undefined) return undefined;
  if (interpreterVersion.test(text)) return text.replace(/^v/, '');
  return text.startsWith('~') ? text : resolve(dirname(context.file), text);
}

function readProcess(settings: NonNullable<Settings['process']>): Partial<ProcessSettings> {
  const { idleTimeout, ...others } = settings;
  const idleTimeoutMs = idleTimeout === undefined ? undefined : parseDuration(idleTimeout);
  return definedOnly({ ...others, idleTimeoutMs });
}

/** Numbers keep the spelling of the file: `007` and long account ids must not change. */
function readEnvironment(env: NonNullable<Settings['env']>, tree: Tree): Record<string, string> {
  const names = Object.keys(env);
  return Object.fromEntries(names.map((name) => [name, textOf(getIn(tree, 'env', name)) ?? '']));
}

function readHook(hook: Settings['initializer']): HookDefinition | undefined {
  const stated: { handler?: string | undefined; timeout?: string | number | undefined } | undefined =
    typeof hook === 'string' ? { handler: hook } : hook;
  if (!stated?.handler) {
    return undefined;
  }
  const timeoutMs = stated.timeout === undefined ? undefined : parseDuration(stated.timeout);
  return { handler: stated.handler, timeoutMs: timeoutMs ?? 60_000 };
}

function readTrigger(
  trigger: NonNullable<Settings['triggers']>[number],
  tree: Tree | undefined,
  functionName: string,
  platform: string,
  problems: ProblemList,
): TriggerDefinition[] {
  const found: TriggerDefinition[] = [];
  if (trigger.http) {
    const { name = 'http', path, methods = [], shape, invokeMode, auth } = trigger.http;
    const mount = `/${encodeURIComponent(functionName)}`;
    found.push({
      kind: 'http',
      name,
      path: path ?? `${mount}/*`,
      methods,
      ...(path === undefined && { mount }),
      // Function URLs alone have a mode.
      shape:
        shape ??
        (invokeMode && platform === 'aws-lambda' ? 'function-url' : platformDefaults(platform).httpShape),
      ...(invokeMode && { streams: invokeMode === 'RESPONSE_STREAM' }),
      ...(auth && { auth: { kind: auth, stated: `auth: ${auth}` } }),
    });
  }
  for (const kind of ['timer', 'storage', 'queue', 'event'] as const) {
    const config = trigger[kind];
    if (config) {
      const name = typeof config.name === 'string' ? config.name : kind;
      const stated = getIn(tree, kind);
      const at = stated?.range ?? tree?.range ?? { start: 0, end: 0 };
      found.push({ ...otherTrigger(kind, name, { config: stated, at }, problems), config: { ...config } });
    }
  }
  return found;
}

/** Triggers that were given no name are called by their kind; a second one of a kind is told apart by a number. */
function nameApart(triggers: TriggerDefinition[]): TriggerDefinition[] {
  const taken = new Set<string>();
  return triggers.map((trigger) => {
    if (trigger.kind === 'http') return trigger;
    let { name } = trigger;
    for (let number = 2; trigger.config['name'] === undefined && taken.has(name); number++)
      name = `${trigger.kind}${number}`;
    taken.add(name);
    return { ...trigger, name };
  });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function definedOnly<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
