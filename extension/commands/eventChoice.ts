import { randomUUID } from 'node:crypto';
import { platformDefaults } from '../../runtime/model/platformDefaults.ts';
import { findSample, sampleText, triggerEventText } from '../../runtime/model/samples/index.ts';
import type { FunctionState } from '../../runtime/protocol/control/state.ts';
import { stateKeys } from '../contributions/ids.ts';
import type { Choice } from '../editor/dialogs.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import { oneLine } from '../presentation/invocationText.ts';
import type { CommandServices } from './services.ts';

/** What a function is called with: an event as it is, or a real HTTP request to its trigger. */
export type EventChoice =
  { kind: 'event'; text: string } | { kind: 'http'; method: string; url: string; body?: string };

type LastEvents = Record<string, EventChoice>;

const key = (host: FolderHost, name: string): string => `${host.folder.path}\n${name}`;
const maxRemembered = 64 * 1024;

/** The path and query of a trigger's URL. The gateway's port changes with every start, so only these are remembered. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${decodeURI(pathname)}${search}`;
}

const bodyless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

/** HTTP requests a function's triggers accept, first the plainest. */
function httpSamples(state: FunctionState): EventChoice[] {
  const triggers = state.triggers.filter((trigger) => trigger.kind === 'http');
  return state.urls.http.flatMap((url, index) => {
    const methods = triggers[index]?.methods ?? [];
    const offered = methods.length > 0 ? methods : ['GET', 'POST'];
    return offered.map((method): EventChoice => ({
      kind: 'http',
      method,
      url: pathOf(url),
      ...(bodyless.has(method) ? {} : { body: '{}' }),
    }));
  });
}

/** Event bodies worth starting from: what the function's other triggers send, then an empty one. */
function eventSamples(state: FunctionState): EventChoice[] {
  const { region, accountId } = platformDefaults(state.platform);
  const facts = { function: state.name, region, accountId, at: new Date(), id: randomUUID() };
  const texts = state.triggers.flatMap((trigger) =>
    trigger.kind === 'http' ? [] : (triggerEventText(trigger, state.platform, facts) ?? []),
  );
  if (state.platform === 'knative') texts.push(sampleText(findSample('cloudevent'), facts));
  // In one line, as it is edited in one.
  return [...texts.map((text) => JSON.stringify(JSON.parse(text))), '{}'].map((text) => ({
    kind: 'event',
    text,
  }));
}

/** What to call a function with when the user did not say. */
export function defaultEvent(state: FunctionState): EventChoice {
  const plainHttp = httpSamples(state).find((sample) => sample.kind === 'http' && !/[{*]/.test(sample.url));
  return plainHttp ?? eventSamples(state)[0]!;
}

/** The event this function was called with last from this window. */
export function lastEvent(
  services: CommandServices,
  host: FolderHost,
  name: string,
): EventChoice | undefined {
  return services.state.get<LastEvents>(stateKeys.lastEvents, {})[key(host, name)];
}

/** Remembers an event for the next call, unless it is large. */
export async function rememberEvent(
  services: CommandServices,
  host: FolderHost,
  name: string,
  event: EventChoice,
): Promise<void> {
  if (JSON.stringify(event).length > maxRemembered) return;
  const events = services.state.get<LastEvents>(stateKeys.lastEvents, {});
  await services.state.update(stateKeys.lastEvents, { ...events, [key(host, name)]: event });
}

/** An event in one line. */
export function eventText(event: EventChoice): string {
  if (event.kind === 'event') return oneLine(event.text, 100);
  return `${event.method} ${event.url}${event.body ? ` ${oneLine(event.body, 60)}` : ''}`;
}

type Answer = { do: 'use' | 'edit'; event: EventChoice } | { do: 'file' } | { do: 'document'; text: string };

interface EventOptions {
  /** Whether a request to an HTTP trigger may be chosen; a function that is elsewhere gets events alone. */
  httpRequests?: boolean;
}

function choices(
  services: CommandServices,
  host: FolderHost,
  state: FunctionState,
  { httpRequests = true }: EventOptions,
): Choice<Answer>[] {
  const { api } = services;
  const remembered = lastEvent(services, host, state.name);
  const last = remembered?.kind === 'http' && !httpRequests ? undefined : remembered;
  const separator = (label: string): Choice<Answer> => ({ label, kind: api.QuickPickItemKind.Separator });
  const list: Choice<Answer>[] = [];
  if (last) {
    list.push({
      label: eventText(last),
      description: l10n.t('last event'),
      value: { do: 'use', event: last },
    });
    list.push({ label: l10n.t('Edit the last event…'), value: { do: 'edit', event: last } });
  }
  const document = api.window.activeTextEditor?.document;
  if (document?.languageId === 'json' && document.uri.scheme !== 'output') {
    const name = document.fileName.split(/[\\/]/).pop() ?? document.fileName;
    list.push({
      label: l10n.t('Text of {0}', name),
      description: l10n.t('active editor'),
      value: { do: 'document', text: document.getText() },
    });
  }
  list.push(separator(l10n.t('Samples')));
  for (const event of [...(httpRequests ? httpSamples(state) : []), ...eventSamples(state)]) {
    list.push({
      label: eventText(event),
      description: event.kind === 'http' ? l10n.t('HTTP request') : l10n.t('event'),
      value: { do: 'edit', event },
    });
  }
  list.push(separator(''), { label: l10n.t('From a file…'), value: { do: 'file' } });
  return list;
}

/** Lets the user correct an event; undefined when cancelled. */
async function edit(services: CommandServices, event: EventChoice): Promise<EventChoice | undefined> {
  const { dialogs } = services;
  if (event.kind === 'event') {
    const text = await dialogs.input({ prompt: l10n.t('Event'), value: event.text, ignoreFocusOut: true });
    return text === undefined ? undefined : { kind: 'event', text };
  }
  const url = await dialogs.input({
    prompt: l10n.t('{0}: path and query', event.method),
    value: event.url,
    ignoreFocusOut: true,
    validateInput: (value) => (value.startsWith('/') ? undefined : l10n.t('Start with a slash.')),
  });
  if (url === undefined) return undefined;
  if (event.body === undefined) return { ...event, url };
  const body = await dialogs.input({
    prompt: l10n.t('{0} {1}: body', event.method, url),
    value: event.body,
    ignoreFocusOut: true,
  });
  return body === undefined ? undefined : { ...event, url, body };
}

/** Lets the user choose or write an event; undefined when cancelled. */
export async function chooseEvent(
  services: CommandServices,
  host: FolderHost,
  state: FunctionState,
  options: EventOptions = {},
): Promise<EventChoice | undefined> {
  const { api, dialogs } = services;
  const answer = await dialogs.pick(choices(services, host, state, options), {
    placeHolder: l10n.t('Invoke {0} with which event?', state.name),
    matchOnDescription: true,
  });
  if (!answer) return undefined;
  if (answer.do === 'use') return answer.event;
  if (answer.do === 'edit') return edit(services, answer.event);
  if (answer.do === 'document') return { kind: 'event', text: answer.text };
  const uri = await dialogs.openFile({
    title: l10n.t('Event for {0}', state.name),
    defaultUri: api.Uri.file(host.folder.path),
  });
  if (!uri) return undefined;
  return { kind: 'event', text: new TextDecoder().decode(await api.workspace.fs.readFile(uri)) };
}
