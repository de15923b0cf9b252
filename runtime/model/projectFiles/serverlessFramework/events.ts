import type { HttpTrigger, OtherTrigger, TriggerDefinition } from '../../functionDefinition.ts';
import { nearest } from '../../nearest.ts';
import type { ProblemList } from '../problemList.ts';
import { frameworkAuth, urlAuth, withAuth } from '../readHttpAuth.ts';
import { entriesOf, getIn, textOf, toPlain, unresolvedIn, type Tree } from '../tree.ts';
import { everyMethod, readApiCors, readRestCors } from './cors.ts';
import { eventSources, otherEvents } from './eventSources.ts';
import { phrase } from '../../../support/l10n.ts';

/** What events depend on besides themselves. */
export interface EventFacts {
  /** Name of the function. */
  name: string;
  /** The provider's settings of HTTP APIs: payload version, CORS. */
  httpApi: Tree | undefined;
  problems: ProblemList;
}

const knownEvents = ['http', 'httpApi', ...Object.keys(eventSources), ...otherEvents];

/** Triggers of a function's `events`, whose values are resolved. */
export function readEvents(events: Tree | undefined, facts: EventFacts): TriggerDefinition[] {
  const triggers: TriggerDefinition[] = [];
  const add = (trigger: TriggerDefinition) => {
    const alike = triggers.filter(({ name }) => name.replace(/-\d+$/, '') === trigger.name).length;
    triggers.push(alike === 0 ? trigger : { ...trigger, name: `${trigger.name}-${alike + 1}` });
  };
  for (const event of events?.kind === 'list' ? events.items : []) {
    // `- alexaSkill` alone is a text; others have their settings behind their name.
    const entries =
      event.kind === 'scalar' ? [[textOf(event) ?? '', undefined, event.range] as const] : entriesOf(event);
    for (const [type, settings, place] of entries) {
      if (event.kind === 'unresolved') break;
      if (type === 'http') addIfAny(readRestApi(settings, facts), add);
      else if (type === 'httpApi') addIfAny(readHttpApi(settings, facts), add);
      else if (knownEvents.includes(type)) readOther(type, settings).forEach(add);
      else {
        const like = nearest(type, knownEvents);
        const about = { function: facts.name };
        facts.problems.add('warning', 'SETTING_UNKNOWN', { key: type, nearest: like }, place, about);
        add({ kind: 'event', name: type, config: { type, ...plainOf(settings) } });
      }
    }
  }
  return triggers;
}

function addIfAny(trigger: TriggerDefinition | undefined, add: (trigger: TriggerDefinition) => void): void {
  if (trigger) add(trigger);
}

/** `http`: a REST API, payload 1.0. */
function readRestApi(settings: Tree | undefined, { name, problems }: EventFacts): HttpTrigger | undefined {
  const integration = textOf(getIn(settings, 'integration'))?.toLowerCase().replace('_', '-');
  if (integration !== undefined && integration !== 'lambda-proxy' && integration !== 'aws-proxy') {
    const at = getIn(settings, 'integration')!.range;
    const isLambda = integration === 'lambda' || integration === 'aws';
    const detail = isLambda
      ? phrase(
          'events made by mapping templates are not rebuilt here: the function gets the event of a proxy integration.',
        )
      : phrase('an integration "{integration}" calls no function; it is left out here.', { integration });
    problems.add('warning', 'SETTING_INVALID', { path: `${name}.events.http.integration`, detail }, at, {
      function: name,
    });
    if (!isLambda) return undefined;
  }
  const route = routeOf(settings);
  const auth = withAuth(frameworkAuth(settings));
  const cors = readRestCors(getIn(settings, 'cors'), route.methods);
  return { kind: 'http', name: 'http', ...route, shape: 'rest-api', ...(cors && { cors }), ...auth };
}

/** `httpApi`: an HTTP API; `*` is its default route. */
function readHttpApi(settings: Tree | undefined, { httpApi }: EventFacts): HttpTrigger {
  const shape = Number(toPlain(getIn(httpApi, 'payload'))) === 1 ? 'rest-api' : 'http-api';
  const route = routeOf(settings);
  const auth = withAuth(frameworkAuth(settings));
  const cors = readApiCors(getIn(httpApi, 'cors'), [
    'OPTIONS',
    ...(route.methods.length > 0 ? route.methods : everyMethod),
  ]);
  return { kind: 'http', name: 'httpApi', ...route, shape, ...(cors && { cors }), ...auth };
}

/** `METHOD path` or `{ method, path }`. */
function routeOf(settings: Tree | undefined): { path: string; methods: string[] } {
  const words = (settings?.kind === 'scalar' ? (textOf(settings) ?? '') : '').trim().split(/\s+/);
  const isText = settings?.kind === 'scalar';
  const path = isText ? (words.length > 1 ? words[1]! : words[0]!) : (textOf(getIn(settings, 'path')) ?? '');
  const method = isText ? (words.length > 1 ? words[0]! : '*') : (textOf(getIn(settings, 'method')) ?? '*');
  const trimmed = path.trim();
  return {
    path: trimmed === '*' ? '/*' : trimmed.startsWith('/') ? trimmed : `/${trimmed}`,
    methods: /^(any|\*)$/i.test(method) ? [] : [method.toUpperCase()],
  };
}

function readOther(type: string, settings: Tree | undefined): OtherTrigger[] {
  const source = Object.hasOwn(eventSources, type) ? eventSources[type] : undefined;
  if (!source) return [{ kind: 'event', name: type, config: { type, ...plainOf(settings) } }];
  const unresolved = unresolvedIn(settings, settings?.kind === 'unresolved' ? [type] : []);
  return source(settings).map((trigger) =>
    Object.keys(unresolved).length > 0 ? { ...trigger, unresolved } : trigger,
  );
}

/** Settings of an event as they stand; a text alone is called `value`. */
function plainOf(settings: Tree | undefined): Record<string, unknown> {
  if (settings?.kind === 'map') return toPlain(settings, true) as Record<string, unknown>;
  const value = toPlain(settings, true);
  return value === undefined || value === null ? {} : { value };
}

/** `url`: a domain of its own in the cloud; on the gateway `/<function name>` stands for it. */
export function readUrl(settings: Tree | undefined, name: string): HttpTrigger[] {
  const isOn = settings?.kind === 'map' || (settings?.kind === 'scalar' && settings.value === true);
  if (!isOn) return [];
  const mount = `/${encodeURIComponent(name)}`;
  const cors = readApiCors(getIn(settings, 'cors'), ['*']);
  const path = `${mount}/*`;
  const auth = withAuth(urlAuth(textOf(getIn(settings, 'authorizer'))));
  const shape = 'function-url';
  return [{ kind: 'http', name: 'url', path, mount, methods: [], shape, ...(cors && { cors }), ...auth }];
}
