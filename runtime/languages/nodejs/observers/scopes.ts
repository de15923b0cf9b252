import type inspector from 'node:inspector';
import { requireBuiltin } from './requireBuiltin.ts';

/*
 * Module-level variables, read through an inspector session within the process: the scopes of a function, without a
 * debugger domain, without changing the user's code. A connection is closed at once: an open one slows console and errors.
 */

type Inspector = typeof inspector;
type Session = inspector.Session;

/** Live values of one scope by name. */
export type Scope = Record<string, unknown>;

const key = Symbol.for('porchlight.scopes');
const expression = 'globalThis[Symbol.for("porchlight.scopes")]';
const group = 'porchlight.scopes';

let loaded: Inspector | undefined;

/** Loaded when first needed, which is after an answer: it takes a millisecond. */
function load(): Inspector {
  loaded ??= requireBuiltin<Inspector>('inspector');
  return loaded;
}

/** Whether somebody else looks into this process: then we do not. */
export function isInspected(): boolean {
  return load().url() !== undefined;
}

interface Remote {
  objectId?: string;
  description?: string;
}

interface Properties {
  result: { name: string; value?: Remote }[];
  internalProperties?: { name: string; value?: Remote }[];
}

/** In process, a session answers before `post` returns. */
function post<T>(session: Session, method: string, parameters: object): T | undefined {
  let answer: T | undefined;
  session.post(method, parameters, (error: Error | null, result?: object) => {
    if (!error) answer = result as T;
  });
  return answer;
}

/** The scopes around each function, innermost first; the globals are left out. */
export function scopesOf(functions: readonly unknown[]): Scope[][] {
  const session = new (load().Session)();
  session.connect();
  const found: Scope[][] = [];
  try {
    for (let index = 0; index < functions.length; index++) {
      const scopes: Scope[] = [];
      found.push(scopes);
      const sink = (scope: unknown) => {
        if (typeof scope === 'object' && scope !== null) scopes.push(scope as Scope);
      };
      Object.defineProperty(globalThis, key, { configurable: true, value: { functions, sink } });
      read(session, index);
    }
    post(session, 'Runtime.releaseObjectGroup', { objectGroup: group });
  } finally {
    Reflect.deleteProperty(globalThis, key);
    session.disconnect();
  }
  return found;
}

function read(session: Session, index: number): void {
  const evaluated = post<{ result: Remote }>(session, 'Runtime.evaluate', {
    expression: `${expression}.functions[${index}]`,
    objectGroup: group,
  });
  const list = propertiesOf(session, evaluated?.result)?.internalProperties;
  const scopes = propertiesOf(session, list?.find(({ name }) => name === '[[Scopes]]')?.value);
  for (const { value } of scopes?.result ?? []) {
    if (value?.objectId === undefined || /^(?:Global|Script)/.test(value.description ?? '')) continue;
    post(session, 'Runtime.callFunctionOn', {
      objectId: value.objectId,
      functionDeclaration: `function () { ${expression}.sink(this.object); }`,
      silent: true,
    });
  }
}

function propertiesOf(session: Session, remote: Remote | undefined): Properties | undefined {
  if (remote?.objectId === undefined) return undefined;
  return post<Properties>(session, 'Runtime.getProperties', {
    objectId: remote.objectId,
    ownProperties: true,
  });
}
