import type { SourcePosition } from '../../runtime/model/words.ts';

/*
 * What commands get from rows, CodeLenses, links and key bindings. `folder` is the path or URI of the workspace
 * folder; without it the function is looked for in all of them.
 */

export interface FunctionArgument {
  function: string;
  folder?: string;
}

export interface InstanceArgument extends FunctionArgument {
  instance: string;
}

export interface UrlArgument extends FunctionArgument {
  url: string;
}

export interface TriggerArgument extends FunctionArgument {
  trigger: string;
}

export interface InvocationArgument {
  invocation: string;
  folder?: string;
}

export interface BodyArgument extends InvocationArgument {
  body: 'event' | 'result' | 'log';
}

export interface VersionArgument extends FunctionArgument {
  target: string;
  version: string;
}

/** A function on a target. */
export interface DeployedArgument extends FunctionArgument {
  target: string;
}

export interface SourceArgument {
  position: SourcePosition;
}

/** A source line that printed; `line` counts from 1. */
export interface LoggedArgument {
  file: string;
  line: number;
  /** The version of the code. */
  artifact?: string;
}

/** What the line of an open file shows, or everything it printed; `line` counts from 0. */
export interface ShownArgument {
  file: string;
  line: number;
  all: boolean;
}

type Fields<T> = { [K in keyof T]-?: 'string' | 'optional' };

/** Reads named strings from an untrusted argument: itself, or the `argument` that our tree rows carry. */
function read<T>(value: unknown, fields: Fields<T>): T | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const source =
    'argument' in value && typeof value.argument === 'object' && value.argument ? value.argument : value;
  const result: Record<string, string> = {};
  for (const [name, need] of Object.entries(fields) as [string, string][]) {
    const field: unknown = (source as Record<string, unknown>)[name];
    if (typeof field === 'string') result[name] = field;
    else if (need === 'string') return undefined;
  }
  return result as T;
}

/** The function an argument names. */
export const readFunction = (value: unknown): FunctionArgument | undefined =>
  read<FunctionArgument>(value, { function: 'string', folder: 'optional' });

export const readInstance = (value: unknown): InstanceArgument | undefined =>
  read<InstanceArgument>(value, { function: 'string', folder: 'optional', instance: 'string' });

export const readTrigger = (value: unknown): TriggerArgument | undefined =>
  read<TriggerArgument>(value, { function: 'string', folder: 'optional', trigger: 'string' });

export const readUrl = (value: unknown): UrlArgument | undefined =>
  read<UrlArgument>(value, { function: 'string', folder: 'optional', url: 'string' });

export const readInvocation = (value: unknown): InvocationArgument | undefined =>
  read<InvocationArgument>(value, { invocation: 'string', folder: 'optional' });

export const readVersion = (value: unknown): VersionArgument | undefined =>
  read<VersionArgument>(value, {
    function: 'string',
    folder: 'optional',
    target: 'string',
    version: 'string',
  });

export const readDeployed = (value: unknown): DeployedArgument | undefined =>
  read<DeployedArgument>(value, { function: 'string', folder: 'optional', target: 'string' });

/** The deploy target a row belongs to. */
export const readTarget = (value: unknown): string | undefined =>
  read<{ target: string }>(value, { target: 'string' })?.target;

/** The body of an invocation that an argument names. */
export function readBody(value: unknown): BodyArgument | undefined {
  const invocation = readInvocation(value);
  const body = (value as Partial<BodyArgument> | undefined)?.body;
  return invocation && (body === 'event' || body === 'result' || body === 'log')
    ? { ...invocation, body }
    : undefined;
}

/** The document an argument names: a URI of the editor's, or `{ uri }` with its text. */
export function readUri(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { uri, scheme, path } = value as Record<string, unknown>;
  if (typeof uri === 'string') return uri;
  return typeof scheme === 'string' && typeof path === 'string'
    ? (value as { toString(): string }).toString()
    : undefined;
}

/** The invocations among the selected rows of a tree, as the editor passes them besides the one that was clicked. */
export function readInvocations(value: unknown): InvocationArgument[] {
  return Array.isArray(value) ? value.flatMap((row) => readInvocation(row) ?? []) : [];
}

/** The place in a file that an argument names. */
export function readSource(value: unknown): SourceArgument | undefined {
  const position = (value as Partial<SourceArgument> | undefined)?.position;
  if (typeof position?.file !== 'string' || typeof position.line !== 'number') return undefined;
  return { position: { file: position.file, line: position.line, column: Number(position.column) || 1 } };
}

export function readLogged(value: unknown): LoggedArgument | undefined {
  const { file, line, artifact } = (value ?? {}) as Partial<LoggedArgument>;
  if (typeof file !== 'string' || typeof line !== 'number') return undefined;
  return { file, line, ...(typeof artifact === 'string' ? { artifact } : {}) };
}

export function readShown(value: unknown): ShownArgument | undefined {
  const { file, line, all } = (value ?? {}) as Partial<ShownArgument>;
  return typeof file === 'string' && typeof line === 'number' ? { file, line, all: all === true } : undefined;
}

/** The folder an argument names, whatever else it is about. */
export const readFolder = (value: unknown): string | undefined =>
  read<{ folder: string }>(value, { folder: 'string' })?.folder;
