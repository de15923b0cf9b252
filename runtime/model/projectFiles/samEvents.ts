import type { OtherTrigger, TriggerDefinition } from '../functionDefinition.ts';
import type { ProblemList } from './problemList.ts';
import type { TextRange } from './projectFile.ts';
import { samAuth, urlAuth, withAuth } from './readHttpAuth.ts';
import { entriesOf, getIn, textOf, type Tree } from './tree.ts';
import { otherTrigger } from './triggerConfig.ts';

const kinds: Record<string, OtherTrigger['kind']> = {
  Schedule: 'timer',
  ScheduleV2: 'timer',
  S3: 'storage',
  SQS: 'queue',
};

/**
 * Triggers of a SAM function whose values are resolved. `Api` is a REST API (payload 1.0), `HttpApi` payload 2.0 unless it
 * says otherwise. A function URL has a domain of its own: on the gateway `/<function name>` stands for it.
 */
export function readEvents(
  properties: Tree,
  functionName: string,
  problems: ProblemList,
  authOf: ApiAuths = () => undefined,
): TriggerDefinition[] {
  const triggers = entriesOf(getIn(properties, 'Events')).map(([name, event, key]) =>
    readEvent(name, event, key, problems, authOf),
  );
  const url = getIn(properties, 'FunctionUrlConfig');
  if (entriesOf(url).length > 0) {
    const mount = `/${encodeURIComponent(functionName)}`;
    triggers.push({
      kind: 'http',
      name: 'url',
      path: `${mount}/*`,
      mount,
      methods: [],
      shape: 'function-url',
      streams: textOf(getIn(url, 'InvokeMode')) === 'RESPONSE_STREAM',
      ...withAuth(urlAuth(textOf(getIn(url, 'AuthType')))),
    });
  }
  return triggers;
}

/** `Auth` of the API that an event belongs to. */
export type ApiAuths = (kind: 'Api' | 'HttpApi', id: Tree | undefined) => Tree | undefined;

/** Finds it: of the API that the event names, otherwise of its kind's implicit one. */
export function apiAuths(template: Tree | undefined, resolve: (tree: Tree) => Tree | undefined): ApiAuths {
  return (kind, id) => {
    // An API has no name of its own, so that a reference to it stays one.
    const named = id?.kind === 'unresolved' ? /\bRef\s+(\w+)/.exec(id.expression)?.[1] : textOf(id);
    const auth =
      named === undefined
        ? getIn(template, 'Globals', kind, 'Auth')
        : getIn(template, 'Resources', named, 'Properties', 'Auth');
    return auth && resolve(auth);
  };
}

function readEvent(
  name: string,
  event: Tree,
  key: TextRange,
  problems: ProblemList,
  authOf: ApiAuths,
): TriggerDefinition {
  const type = textOf(getIn(event, 'Type')) ?? '';
  const properties = getIn(event, 'Properties');
  if (type !== 'Api' && type !== 'HttpApi') {
    return otherTrigger(kinds[type] ?? 'event', name, { type, config: properties, at: key }, problems);
  }
  const path = textOf(getIn(properties, 'Path'));
  const method = textOf(getIn(properties, 'Method'))?.toUpperCase() ?? 'ANY';
  const api = getIn(properties, type === 'Api' ? 'RestApiId' : 'ApiId');
  const isRest = type === 'Api' || textOf(getIn(properties, 'PayloadFormatVersion')) === '1.0';
  return {
    kind: 'http',
    name,
    // An HTTP API event without a path is the API's default route.
    path: path === undefined || path === '$default' ? '/*' : path.startsWith('/') ? path : `/${path}`,
    methods: /^(ANY|\*|X-AMAZON-APIGATEWAY-ANY-METHOD)$/.test(method) ? [] : [method],
    shape: isRest ? 'rest-api' : 'http-api',
    // An HTTP API has no such mode; of a REST API it is none of its events' properties.
    streams: false,
    ...withAuth(samAuth(getIn(properties, 'Auth'), authOf(type, api))),
  };
}
