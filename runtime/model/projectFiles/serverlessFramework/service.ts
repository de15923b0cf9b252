import type { BuildDefinition } from '../../functionDefinition.ts';
import { platformDefaults } from '../../platformDefaults.ts';
import type { QueueDefinition } from '../../queues/queueDefinition.ts';
import type { PlatformId } from '../../words.ts';
import type { ProblemList } from '../problemList.ts';
import type { ParseContext } from '../projectFile.ts';
import { entriesOf, getIn, mapAt, mergeTrees, textOf, toPlain, type MapTree, type Tree } from '../tree.ts';
import { SamIntrinsics } from '../samIntrinsics.ts';
import { readQueues, samQueueNames } from '../samQueues.ts';
import { readBuild, readPlugins, tellPlugins } from './build.ts';
import { VariableSources, type Surroundings } from './variableSources.ts';
import { Variables } from './variables.ts';
import { phrase } from '../../../support/l10n.ts';

/** What all functions of one `serverless.yml` share. */
export interface Service extends Surroundings {
  name: string;
  platform: PlatformId;
  context: ParseContext;
  problems: ProblemList;
  variables: Variables;
  sources: VariableSources;
  /** The provider's settings; variables in them are not replaced yet. */
  provider: Tree | undefined;
  plugins: readonly string[];
  build: BuildDefinition | undefined;
  /** Archive of the whole service, when it is made elsewhere. */
  artifact: Tree | undefined;
  /** Replaces CloudFormation's intrinsics in a value without variables; made when first asked for. */
  intrinsics(): SamIntrinsics;
  /** Queues that its resources declare. */
  queues(): QueueDefinition[];
}

/** What each provider is called here, and where its functions are when nothing says so. */
const providers: Record<
  string,
  { platform: PlatformId; region: string; memoryMB: number; timeoutS: number }
> = {
  aws: { platform: 'aws-lambda', region: 'us-east-1', memoryMB: 1024, timeoutS: 6 },
  // The plugin `serverless-aliyun-function-compute`.
  aliyun: { platform: 'aliyun-fc', region: 'cn-shanghai', memoryMB: 128, timeoutS: 30 },
};

/** Memory and time a function has when neither it nor its provider says so. */
export function providerDefaults(platform: PlatformId): { memoryMB: number; timeoutS: number } {
  return Object.values(providers).find((each) => each.platform === platform)!;
}

/** Reads what stands above the functions; undefined, and told, when they are for a provider that nothing runs here. */
export function readService(
  root: MapTree,
  context: ParseContext,
  problems: ProblemList,
): Service | undefined {
  let around: Surroundings | undefined;
  const surroundings = (): Surroundings => {
    if (around) return around;
    // The stage may be given by a variable that asks for the stage: then it is the default one.
    const settings = {
      stage: 'dev',
      region: 'us-east-1',
      accountId: platformDefaults('aws-lambda').accountId,
    };
    around = settings;
    const text = (key: string) => providerText(getIn(root, 'provider'), key, variables);
    settings.region = providers[providerName(root, variables) ?? '']?.region ?? settings.region;
    settings.stage = text('stage') ?? settings.stage;
    settings.region = text('region') ?? settings.region;
    return around;
  };
  const sources = new VariableSources(root, context, problems, surroundings);
  const variables = new Variables(sources.find, problems);
  const name = serviceName(root, variables, problems);
  const kind = providerName(root, variables);
  const provider = kind === undefined || !Object.hasOwn(providers, kind) ? undefined : providers[kind];
  if (!provider) {
    tellProvider(root, kind, name, problems);
    return undefined;
  }
  const { stage, region } = surroundings();
  const { accountId } = platformDefaults(provider.platform);
  const plugins = readPlugins(resolved(getIn(root, 'plugins'), variables));
  tellPlugins(plugins.list, problems);
  const custom = getIn(root, 'custom');
  const build = readBuild(
    {
      custom:
        custom && mapAt(custom.range, { esbuild: resolved(below(custom, 'esbuild', variables), variables) }),
      build: resolved(getIn(root, 'build'), variables),
    },
    plugins.names,
    problems,
  );
  let intrinsics: SamIntrinsics | undefined;
  const functionName = (logicalId: string) =>
    functionOfLogicalId(root, logicalId, `${name}-${stage}`, variables);
  let resources: Tree | undefined;
  const templateOnce = () => (resources ??= template(root, variables));
  const intrinsicsOf = (resources: ReturnType<typeof template>): SamIntrinsics => {
    const queueNames = samQueueNames(resources);
    const queueName = (logicalId: string) => queueNames.get(logicalId);
    return new SamIntrinsics(resources, { region, accountId, functionName, queueName });
  };
  return {
    name,
    platform: provider.platform,
    stage,
    region,
    accountId,
    context,
    problems,
    variables,
    sources,
    provider: getIn(root, 'provider') && variables.value(getIn(root, 'provider')!),
    plugins: plugins.names,
    build,
    artifact: below(getIn(root, 'package'), 'artifact', variables),
    intrinsics: () => (intrinsics ??= intrinsicsOf(templateOnce())),
    queues() {
      if (provider.platform !== 'aws-lambda' || !declaresQueues(root, variables)) return [];
      const all = templateOnce();
      return readQueues(all, samQueueNames(all), (intrinsics ??= intrinsicsOf(all)), problems);
    },
  };
}

function resolved(tree: Tree | undefined, variables: Variables): Tree | undefined {
  return tree && variables.resolve(tree);
}

/** A value below another that may be a variable. */
function below(tree: Tree | undefined, key: string, variables: Variables): Tree | undefined {
  return getIn(tree && variables.value(tree), key);
}

function providerText(provider: Tree | undefined, key: string, variables: Variables): string | undefined {
  const value = below(provider, key, variables);
  return textOf(value && variables.value(value))?.trim() || undefined;
}

/** `provider: aws` or `provider: { name: aws }`. */
function providerName(root: Tree, variables: Variables): string | undefined {
  const provider = getIn(root, 'provider');
  const value = provider && variables.value(provider);
  return value?.kind === 'map' ? providerText(value, 'name', variables) : textOf(value)?.trim();
}

/** `service: name`, or in files of old `service: { name }`. */
function serviceName(root: MapTree, variables: Variables, problems: ProblemList): string {
  const service = getIn(root, 'service');
  const value = service && variables.value(service);
  const name = value?.kind === 'map' ? providerText(value, 'name', variables) : textOf(value)?.trim();
  if (name !== undefined && name !== '') return name;
  if (value?.kind === 'unresolved') {
    const { expression, reason } = value;
    problems.add('warning', 'VALUE_UNRESOLVED', { expression, detail: reason }, value.range);
  } else if (!problems.broken) {
    const range = value?.range ?? { start: root.range.start, end: root.range.start };
    problems.add(
      'error',
      'SETTING_INVALID',
      { path: 'service', detail: phrase('this setting is missing.') },
      range,
    );
  }
  return 'service';
}

function tellProvider(root: MapTree, kind: string | undefined, name: string, problems: ProblemList): void {
  const at = getIn(root, 'provider', 'name') ?? getIn(root, 'provider');
  if (kind !== undefined) {
    const detail = phrase('functions for the provider "{kind}" are not run here; those for {known} are.', {
      kind,
      known: Object.keys(providers).join(' and '),
    });
    problems.add('info', 'CODE_UNSUPPORTED', { function: name, detail }, at!.range);
  } else if (!problems.broken) {
    const range = at?.range ?? { start: root.range.start, end: root.range.start };
    const detail = phrase('this setting is missing; it is one of {known}.', {
      known: Object.keys(providers).join(', '),
    });
    problems.add('error', 'SETTING_INVALID', { path: 'provider.name', detail }, range);
  }
}

/** Whether resources have queues; looked at first, as variables of resources that nobody needs are left alone. */
function declaresQueues(root: Tree, variables: Variables): boolean {
  const given = getIn(root, 'resources');
  const value = given && variables.value(given);
  const parts = value?.kind === 'list' ? value.items : value ? [value] : [];
  return parts.some((part) => {
    const declared = below(part, 'Resources', variables);
    return entriesOf(declared && variables.value(declared)).some(
      ([, resource]) => textOf(below(resource, 'Type', variables)) === 'AWS::SQS::Queue',
    );
  });
}

/** `resources`: a template, or several in a list. */
function template(root: Tree, variables: Variables): Tree {
  const empty = mapAt(root.range, {});
  const resources = resolved(getIn(root, 'resources'), variables) ?? empty;
  const parts = resources.kind === 'list' ? resources.items : [resources];
  return parts
    .filter((part) => part.kind === 'map')
    .reduce<Tree>((all, part) => mergeTrees(all, part, 'join'), empty);
}

/** The framework makes logical ids of functions' keys: `get-user` becomes `GetDashuserLambdaFunction`. */
function functionOfLogicalId(
  root: Tree,
  logicalId: string,
  prefix: string,
  variables: Variables,
): string | undefined {
  const functions = getIn(root, 'functions');
  const value = functions && variables.value(functions);
  const maps = value?.kind === 'list' ? value.items.map((item) => variables.value(item)) : [value];
  for (const [key, settings] of maps.flatMap((map) => entriesOf(map))) {
    const normal = key.replace(/-/g, 'Dash').replace(/_/g, 'Underscore');
    if (`${normal[0]!.toUpperCase()}${normal.slice(1)}LambdaFunction` !== logicalId) continue;
    const name = toPlain(resolved(below(settings, 'name', variables), variables));
    return typeof name === 'string' ? name : `${prefix}-${key}`;
  }
  return undefined;
}
