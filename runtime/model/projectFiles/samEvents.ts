import type { OtherTrigger, TriggerDefinition } from '../functionDefinition.ts';
import type { ProblemList } from './problemList.ts';
import type { TextRange } from './projectFile.ts';
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
): TriggerDefinition[] {
  const triggers = entriesOf(getIn(properties, 'Events')).map(([name, event, key]) =>
    readEvent(name, event, key, problems),
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
    });
  }
  return triggers;
}

function readEvent(name: string, event: Tree, key: TextRange, problems: ProblemList): TriggerDefinition {
  const type = textOf(getIn(event, 'Type')) ?? '';
  const properties = getIn(event, 'Properties');
  if (type !== 'Api' && type !== 'HttpApi') {
    return otherTrigger(kinds[type] ?? 'event', name, { type, config: properties, at: key }, problems);
  }
  const path = textOf(getIn(properties, 'Path'));
  const method = textOf(getIn(properties, 'Method'))?.toUpperCase() ?? 'ANY';
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
  };
}
