import { observationLimits, openWorkKinds } from '../protocol/instance/observations.ts';
import { FrameError } from '../protocol/instance/frames.ts';
import { importLimits } from '../protocol/instance/importGraph.ts';
import type { InstanceToHost } from '../protocol/instance/messages.ts';

/*
 * User code can reach the descriptor of the channel. Whatever arrives is checked before it is used; a message that is
 * not what it claims to be breaks the protocol, and with it only its own instance.
 */

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const time: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const flag: Check = (value) => typeof value === 'boolean';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
const frame: Check = (value) =>
  Array.isArray(value) && value.length === 3 && text(value[0]) && time(value[1]) && time(value[2]);
const rawError: Check = (value) => {
  const error = value as
    { type?: unknown; message?: unknown; stack?: unknown; at?: unknown } | null | undefined;
  const stack = Array.isArray(error?.stack) && error.stack.every(text);
  return text(error?.type) && text(error?.message) && stack && (error?.at === undefined || frame(error.at));
};

const short: Check = (value) => text(value) && (value as string).length <= 4096;
const listOf =
  (check: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(check);
const shaped =
  (shape: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(shape).every(([name, check]) => check((value as Record<string, unknown>)[name]));
const observations: Record<string, Check> = {
  openWork: shaped({
    what: oneOf(...openWorkKinds),
    count: time,
    detail: optional(short),
    frame: optional(frame),
  }),
  ranLater: shaped({ what: oneOf(...openWorkKinds), count: time, from: short, frame: optional(frame) }),
  carriedState: shaped({
    what: oneOf('variables', 'files'),
    names: listOf(
      shaped({ name: short, size: optional(time), file: optional(short) }),
      observationLimits.names,
    ),
    more: time,
    from: short,
    callsAgo: time,
  }),
};
const observation: Check = (value) => {
  const kind = (value as { kind?: unknown } | null | undefined)?.kind;
  return typeof kind === 'string' && Object.hasOwn(observations, kind) && observations[kind]!(value);
};
const packageRequest = shaped({ kind: oneOf('require', 'import'), request: short, from: short });
const write: Check = (value) =>
  Array.isArray(value) && value.length === 2 && short(value[0]) && time(value[1]);
const stop = shaped({ index: time, reason: short });
const integer = (value: unknown, min: number, below: number): boolean =>
  Number.isInteger(value) && (value as number) >= min && (value as number) < below;
/** Indexes point at modules that are there; what is longer than agreed is refused whole. */
const imports: Check = (value) => {
  const graph = value as { modules?: unknown; edges?: unknown } | null | undefined;
  const { modules, edges } = graph ?? {};
  if (!Array.isArray(modules) || modules.length > importLimits.modules) return false;
  if (!Array.isArray(edges) || edges.length > importLimits.edges) return false;
  const { dropped, preloaded, linkUs, esModules } = graph as Record<string, unknown>;
  const known = (module: unknown) => Array.isArray(module) && text(module[0]) && time(module[1]);
  const edge = (each: unknown) =>
    Array.isArray(each) &&
    integer(each[0], -1, modules.length) &&
    integer(each[1], 0, modules.length) &&
    time(each[2]) &&
    time(each[3]) &&
    optional(text)(each[4]);
  return (
    modules.every(known) && edges.every(edge) && [dropped, preloaded, linkUs].every(time) && flag(esModules)
  );
};

const header: Check = (value) =>
  Array.isArray(value) && value.length === 2 && short(value[0]) && text(value[1]);
const streamStart = shaped({
  contentType: optional(short),
  web: optional(shaped({ status: (value) => integer(value, 200, 1000), headers: listOf(header, 1000) })),
});

const shapes: Record<InstanceToHost['type'], Record<string, Check>> = {
  booted: { atUs: time, pid: time, version: text },
  loaded: {
    loadStartUs: time,
    loadEndUs: time,
    initStartUs: optional(time),
    initEndUs: optional(time),
    code: optional(shaped({ used: time, missed: time, missedBytes: time })),
    imports: optional(imports),
  },
  loadFailed: { phase: oneOf('load', 'init'), startUs: time, endUs: time, error: rawError },
  result: {
    id: text,
    startUs: time,
    endUs: time,
    peakKB: time,
    leftOpen: optional(flag),
    observing: optional(flag),
    omittedBytes: optional(time),
  },
  error: {
    id: text,
    startUs: time,
    endUs: time,
    peakKB: time,
    handled: flag,
    leftOpen: optional(flag),
    error: rawError,
    exiting: optional(flag),
    observing: optional(flag),
  },
  stream: { id: text, start: streamStart },
  chunk: { id: text },
  log: {
    id: optional(text),
    atUs: time,
    stream: oneOf('stdout', 'stderr'),
    level: optional(oneOf('trace', 'debug', 'info', 'warn', 'error')),
    text,
    frame: optional(frame),
  },
  gaveBack: { ids: (value) => Array.isArray(value) && value.every(text) },
  observed: { id: text, observations: listOf(observation, 3 * observationLimits.observations) },
  inspector: { url: text, missing: optional(short), declined: optional(short) },
  fatal: { error: rawError },
  hook: {
    hook: oneOf('initializer', 'preFreeze', 'preStop'),
    edge: oneOf('start', 'end'),
    atUs: time,
    loadStartUs: optional(time),
    error: optional(rawError),
  },
  listens: { signal: oneOf('SIGTERM'), graceMs: optional(time) },
  preloaded: { files: listOf(short, 20_000), refused: optional(stop) },
  remembered: {
    builtins: listOf(short, 200),
    packages: listOf(packageRequest, 1000),
    writes: listOf(write, 1000),
    stop: optional(stop),
    code: optional((value) => shaped({ bytes: time, tag: time })(value) || shaped({ error: short })(value)),
  },
};

/** The same, ready to be run through for every message. */
const checks = new Map(Object.entries(shapes).map(([type, shape]) => [type, Object.entries(shape)]));

/** The message a frame's header holds; throws a `FrameError` for anything else. */
export function parseMessage(header: { type: string }): InstanceToHost {
  const shape = checks.get(header.type);
  if (!shape) throw new FrameError(`There is no message "${header.type.slice(0, 40)}".`);
  for (const [name, check] of shape) {
    if (!check((header as Record<string, unknown>)[name])) {
      throw new FrameError(`The message "${header.type}" has no valid ${name}.`);
    }
  }
  return header as InstanceToHost;
}
