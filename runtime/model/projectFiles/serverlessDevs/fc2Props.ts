import type { TextRange } from '../projectFile.ts';
import { entriesOf, getIn, scalarAt, textOf, type MapTree, type Tree } from '../tree.ts';

/*
 * Settings of component `fc` (Function Compute 2.0), told in the words of `fc3`, so that both are read by one reader. Values
 * keep their places. Source: documentation of the component, "Yaml-Spec".
 */

/** A route of a custom domain; without a function's name it is of the function it stands at. */
export interface Route {
  path: string;
  methods: Tree | undefined;
  functionName: string | undefined;
  serviceName: string | undefined;
  at: TextRange;
}

interface Fc2Props {
  /** As props of `fc3`. */
  props: MapTree;
  /** Name of the service; empty when none is given. */
  service: string;
  routes: Route[];
}

/** Settings of a function that `fc3` calls otherwise or keeps elsewhere. */
const renamed: Record<string, string> = { name: 'functionName', codeUri: 'code' };

/** The settings of an `fc` service whose values are resolved; undefined when it has no function, as it may. */
export function fc2Props(given: Tree | undefined): Fc2Props | undefined {
  const fn = getIn(given, 'function');
  if (!given || fn?.kind !== 'map') return undefined;
  const entries: MapTree['entries'] = new Map();
  const set = (name: string, value: Tree | undefined, key = value?.range) => {
    if (value && key) entries.set(name, { key, value });
  };
  set('region', getIn(given, 'region'));
  for (const [name, value, key] of entriesOf(fn)) set(renamed[name] ?? name, value, key);
  set('code', getIn(fn, 'codeUri') ?? codeInOss(fn));
  set('customRuntimeConfig', runtimeConfig(fn));
  set('instanceLifecycleConfig', lifecycleConfig(fn));
  set('asyncInvokeConfig', asyncInvokeConfig(getIn(fn, 'asyncConfiguration')));
  const triggers = getIn(given, 'triggers');
  set('triggers', triggers?.kind === 'list' ? { ...triggers, items: triggers.items.map(trigger) } : triggers);
  const service = getIn(given, 'service');
  return {
    props: { kind: 'map', range: fn.range, entries },
    service: textOf(getIn(service, 'name')) ?? textOf(service) ?? '',
    routes: routesOf(getIn(given, 'customDomains')),
  };
}

/** A map of what is there, which stands where the first of it does; undefined when nothing is. */
function mapOf(values: Record<string, Tree | undefined>): MapTree | undefined {
  const entries: MapTree['entries'] = new Map();
  for (const [name, value] of Object.entries(values)) {
    if (value) entries.set(name, { key: value.range, value });
  }
  const first = [...entries.values()][0];
  return first && { kind: 'map', range: first.key, entries };
}

/** A map with some of its keys set anew. */
function withKeys(tree: Tree | undefined, values: Record<string, Tree | undefined>): Tree | undefined {
  const own = Object.fromEntries(entriesOf(tree).map(([name, value]) => [name, value]));
  const all = mapOf({ ...own, ...values });
  return all && tree ? { ...all, range: tree.range } : (all ?? tree);
}

function codeInOss(fn: Tree): Tree | undefined {
  const bucket = getIn(fn, 'ossBucket');
  const name = textOf(bucket);
  return bucket && name !== undefined
    ? scalarAt(bucket.range, `oss://${name}/${textOf(getIn(fn, 'ossKey')) ?? ''}`)
    : undefined;
}

function runtimeConfig(fn: Tree): Tree | undefined {
  const port = getIn(fn, 'caPort');
  const health = getIn(fn, 'customHealthCheckConfig');
  const given = getIn(fn, 'customRuntimeConfig');
  if (!port && !health) return given;
  return withKeys(given, { ...(port && { port }), ...(health && { healthCheckConfig: health }) });
}

function lifecycleConfig(fn: Tree): Tree | undefined {
  const handler = getIn(fn, 'initializer');
  const given = getIn(fn, 'instanceLifecycleConfig');
  if (!handler) return given;
  return withKeys(given, { initializer: mapOf({ handler, timeout: getIn(fn, 'initializationTimeout') }) });
}

function asyncInvokeConfig(given: Tree | undefined): Tree | undefined {
  const at = (name: string) => mapOf({ destination: getIn(given, 'destination', name) });
  const destinationConfig = mapOf({ onSuccess: at('onSuccess'), onFailure: at('onFailure') });
  return destinationConfig ? withKeys(given, { destinationConfig }) : given;
}

function trigger(given: Tree): Tree {
  if (given.kind !== 'map') return given;
  const type = getIn(given, 'type');
  const entries: MapTree['entries'] = new Map(given.entries);
  const set = (name: string, value: Tree | undefined) => {
    if (value) entries.set(name, { key: value.range, value });
  };
  set('triggerType', type);
  set('triggerName', getIn(given, 'name'));
  set('triggerConfig', triggerConfig(textOf(type), getIn(given, 'config'), getIn(given, 'sourceArn')));
  return { ...given, entries };
}

/** `bucketName` and `topicName` may be given by the source's ARN alone; the keys of a filter begin with capitals. */
function triggerConfig(
  type: string | undefined,
  config: Tree | undefined,
  arn: Tree | undefined,
): Tree | undefined {
  if (type === 'mns_topic') return withKeys(config, { topic: getIn(config, 'topicName') });
  if (type !== 'oss') return config;
  const name = textOf(arn)?.split(':').at(-1);
  const bucketName = getIn(config, 'bucketName') ?? (arn && name ? scalarAt(arn.range, name) : undefined);
  const key = getIn(config, 'filter', 'Key');
  const filter = mapOf({
    key: mapOf({ prefix: getIn(key, 'Prefix'), suffix: getIn(key, 'Suffix') }),
  });
  return withKeys(config, { bucketName, filter: key ? filter : getIn(config, 'filter') });
}

function routesOf(domains: Tree | undefined): Route[] {
  const routes: Route[] = [];
  for (const domain of domains?.kind === 'list' ? domains.items : []) {
    const list = getIn(domain, 'routeConfigs');
    for (const route of list?.kind === 'list' ? list.items : []) {
      const path = textOf(getIn(route, 'path'));
      if (!path?.startsWith('/')) continue;
      routes.push({
        path,
        methods: route,
        functionName: textOf(getIn(route, 'functionName')),
        serviceName: textOf(getIn(route, 'serviceName')),
        at: getIn(route, 'functionName')?.range ?? route.range,
      });
    }
  }
  return routes;
}
