import { basename, dirname } from 'node:path';
import type { FunctionDefinition, TriggerDefinition } from '../../functionDefinition.ts';
import { quantityMB } from '../../kubernetesQuantity.ts';
import { platformDefaults, usualProcess } from '../../platformDefaults.ts';
import { checkSettings } from '../checkSettings.ts';
import { formatFileNames } from '../fileNames.ts';
import type { ProblemList } from '../problemList.ts';
import type { ParseContext, ParsedFunction, ParsedProjectFile, ProjectFileFormat } from '../projectFile.ts';
import { checkDefinition, readEnvironment } from '../readSettings.ts';
import { entriesOf, getIn, mapAt, textOf, toPlain, type MapTree, type Tree } from '../tree.ts';
import { readYaml } from '../yamlTree.ts';
import { environmentTree, tellVolumes } from './environment.ts';
import { funcRuntime } from './runtimes.ts';
import { processSettings } from './scaling.ts';
import { funcSettings, moved } from './schema.ts';

const platform = 'knative';

/** Reader of `func.yaml` (Knative `func`): one function per folder. The Fn project has files of this name as well. */
export const funcYaml: ProjectFileFormat = {
  id: 'func',
  fileNames: formatFileNames.knativeFunc,
  accepts: (text) =>
    !/^(schema_version|entrypoint|cmd)\s*:/m.test(text) &&
    /^(specVersion|created|runtime|invoke|deploy)\s*:/m.test(text),
  parse(text: string, context: ParseContext): ParsedProjectFile {
    const { tree, problems } = (context.readYaml ?? readYaml)(text, context.file);
    const functions = tree ? [readFunction(tree, context, problems)] : [];
    // What the file does not say stands in these.
    const includes = ['package.json', 'go.mod', 'handle.go', 'function.go'];
    return { functions, overlays: [], targets: [], problems: problems.problems, includes };
  },
};

/** The settings of a section, wherever this version of the file has them. */
function sections(tree: MapTree): Record<keyof typeof moved, Tree> {
  const section = (name: keyof typeof moved): Tree => {
    const old = moved[name].map((key) => [key, getIn(tree, key)] as const);
    const today = entriesOf(getIn(tree, name)).map(([key, value]) => [key, value] as const);
    return mapAt(tree.range, Object.fromEntries([...old, ...today]));
  };
  return { build: section('build'), run: section('run'), deploy: section('deploy') };
}

function readFunction(tree: MapTree, context: ParseContext, problems: ProblemList): ParsedFunction {
  const nameTree = getIn(tree, 'name');
  const name = textOf(nameTree)?.trim() || basename(dirname(context.file));
  const about = { function: name };
  const whole = checkSettings(funcSettings, tree, '', problems, about) ?? {};
  const runtimeTree = getIn(tree, 'runtime');
  const stated = typeof whole.runtime === 'string' ? whole.runtime.trim() : '';
  const { run, deploy } = sections(tree);
  const defaults = platformDefaults(platform);
  const { env, unresolvedEnv } = readEnvironment(
    environmentTree(getIn(run, 'envs'), name, context, problems),
    name,
    problems,
  );
  const runtime = funcRuntime(stated || 'node', context, env);
  tellVolumes(getIn(run, 'volumes'), name, problems);
  const options = getIn(deploy, 'options');
  const limit = getIn(options, 'resources', 'limits', 'memory');
  const usual = usualProcess(platform, runtime.language);
  const process = processSettings(options, getIn(deploy, 'annotations'), usual);
  const image = textOf(getIn(tree, 'image'))?.trim() || imageIn(textOf(getIn(tree, 'registry')), name);
  const namespace = (textOf(getIn(deploy, 'namespace')) ?? textOf(getIn(tree, 'namespace')))?.trim();
  const readiness = textOf(getIn(deploy, 'healthEndpoints', 'readiness'));
  const liveness = textOf(getIn(deploy, 'healthEndpoints', 'liveness'));
  const healthEndpoints =
    liveness || readiness ? { ...(liveness && { liveness }), ...(readiness && { readiness }) } : undefined;
  const definition: FunctionDefinition = {
    name,
    platform,
    language: runtime.language,
    ...(stated && { runtime: stated }),
    handler: runtime.handler,
    ...(whole.invoke && { signature: whole.invoke }),
    codeRoot: dirname(context.file),
    process,
    memoryMB: (limit && quantityMB(textOf(limit) ?? '')) ?? defaults.memoryMB,
    timeoutMs: defaults.timeoutMs,
    env: { ...runtime.env, ...env },
    ...(Object.keys(unresolvedEnv).length > 0 && { unresolvedEnv }),
    triggers: triggersOf(name, run, deploy),
    ...(runtime.program && { program: { ...runtime.program, ...(readiness && { healthPath: readiness }) } }),
    ...(healthEndpoints && { healthEndpoints }),
    ...(image && { image }),
    ...(namespace && { namespace }),
    region: defaults.region,
    accountId: defaults.accountId,
    declaredAt: problems.positionOf((nameTree ?? tree).range.start),
    ...(runtimeTree && { runtimeAt: problems.positionOf(runtimeTree.range.start) }),
  };
  const nameRange = nameTree?.range ?? { start: tree.range.start, end: tree.range.start };
  if (runtime.missing) {
    const facts = { function: name, detail: runtime.missing };
    problems.add('info', 'CODE_UNSUPPORTED', facts, runtimeTree?.range ?? nameRange, about);
  } else {
    const at = mapAt(nameRange, { runtime: runtimeTree, memory: limit });
    const places = { handler: 'runtime', memory: 'memory', timeout: '', runtime: 'runtime', name: '' };
    checkDefinition(definition, { tree: at, ...places }, problems);
  }
  return { key: name, definition, nameRange };
}

/** Without an image of its own, a function's lies below its registry, under its name. */
function imageIn(registry: string | undefined, name: string): string | undefined {
  return registry?.trim() ? `${registry.trim().replace(/\/+$/, '')}/${name}` : undefined;
}

/** A service has a domain: on the gateway `/<name>` stands for it. What it subscribes to is called by hand. */
function triggersOf(name: string, run: Tree, deploy: Tree): TriggerDefinition[] {
  const mount = `/${encodeURIComponent(name)}`;
  const { httpShape: shape } = platformDefaults(platform);
  const triggers: TriggerDefinition[] = [
    { kind: 'http', name: 'http', path: `${mount}/*`, mount, methods: [], shape },
  ];
  const plain = (tree: Tree | undefined) => toPlain(tree) as Record<string, unknown>;
  const subscriptions = getIn(deploy, 'subscriptions');
  if (subscriptions?.kind === 'list') {
    subscriptions.items.forEach((each, index) =>
      triggers.push({ kind: 'event', name: `subscription-${index + 1}`, config: plain(each) }),
    );
  }
  const kafka = getIn(run, 'kafka');
  if (kafka?.kind === 'map') triggers.push({ kind: 'queue', name: 'kafka', config: plain(kafka) });
  return triggers;
}
