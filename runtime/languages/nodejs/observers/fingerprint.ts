import { types } from 'node:util';

/** What a value looked like: equal fingerprints mean that nothing changed that can be seen. */
export interface Fingerprint {
  hash: number;
  /** Entries of a collection. */
  size?: number;
  /** Nothing, zero, an empty text or collection: it holds nothing of an earlier invocation. */
  empty: boolean;
}

/** Values looked at per variable; a large cache is judged by its first entries and its size. */
const nodesPerVariable = 500;
/** Characters of a text that count, with its length. */
const textLength = 2048;

/** Marks objects that have no own state, such as the getters a bundler makes of a package. */
const constant = new WeakSet<object>();
const identities = new WeakMap<object, number>();
let nextIdentity = 1;

const scratch = new DataView(new ArrayBuffer(8));

/** Whose objects are whose. */
export interface Ownership {
  /** What a package or Node exports. */
  isForeign(this: void, value: object): boolean;
  /** A prototype of one of the user's classes; instances of others are opaque. */
  isOwn(this: void, prototype: object): boolean;
}

/** Takes fingerprints of values. */
export class Fingerprinter {
  #classes: Ownership;
  #hash = 0;
  #nodes = 0;
  #seen = new Map<object, number>();

  constructor(classes: Ownership) {
    this.#classes = classes;
  }

  of(value: unknown): Fingerprint {
    this.#hash = 0x811c9dc5;
    this.#nodes = 0;
    this.#seen.clear();
    this.#add(value);
    const size = types.isProxy(value) ? undefined : sizeOf(value);
    const empty = !value || size === 0 || (isPlain(value) && Object.keys(value).length === 0);
    return { hash: this.#hash, empty, ...(size === undefined ? {} : { size }) };
  }

  #mix(number: number): void {
    this.#hash = Math.imul(this.#hash ^ (number | 0), 0x01000193);
    this.#hash ^= this.#hash >>> 15;
  }

  #text(text: string): void {
    this.#mix(text.length);
    const end = Math.min(text.length, textLength);
    for (let index = 0; index < end; index++) this.#mix(text.charCodeAt(index));
  }

  #number(number: number): void {
    scratch.setFloat64(0, number);
    this.#mix(scratch.getInt32(0));
    this.#mix(scratch.getInt32(4));
  }

  #add(value: unknown): void {
    if (++this.#nodes > nodesPerVariable) return;
    switch (typeof value) {
      case 'string':
        this.#mix(1);
        return this.#text(value);
      case 'number':
        this.#mix(2);
        return this.#number(value);
      case 'boolean':
        return this.#mix(value ? 3 : 4);
      case 'undefined':
        return this.#mix(5);
      case 'bigint':
        return this.#text(value.toString(36).slice(0, textLength));
      case 'symbol':
        return this.#mix(6);
      case 'function':
        this.#mix(identityOf(value));
        return this.#classes.isForeign(value) || types.isProxy(value)
          ? undefined
          : this.#properties(value, true);
      case 'object':
        return value === null ? this.#mix(7) : this.#object(value);
    }
  }

  #object(value: object): void {
    const before = this.#seen.get(value);
    if (before !== undefined) return this.#mix(before);
    this.#seen.set(value, this.#seen.size);
    // A proxy would run the user's traps.
    if (constant.has(value) || this.#classes.isForeign(value) || types.isProxy(value))
      return this.#mix(identityOf(value));
    const prototype = Object.getPrototypeOf(value) as object | null;
    switch (prototype) {
      case null:
      case Object.prototype:
        return this.#properties(value, false);
      case Array.prototype:
        return this.#list(value as unknown[]);
      case Map.prototype:
        this.#mix(8);
        this.#mix((value as Map<unknown, unknown>).size);
        for (const [key, entry] of value as Map<unknown, unknown>) {
          if (this.#nodes > nodesPerVariable) return;
          this.#add(key);
          this.#add(entry);
        }
        return;
      case Set.prototype:
        this.#mix(9);
        this.#mix((value as Set<unknown>).size);
        for (const entry of value as Set<unknown>) {
          if (this.#nodes > nodesPerVariable) return;
          this.#add(entry);
        }
        return;
      case Date.prototype:
        return this.#number((value as Date).getTime());
      case RegExp.prototype:
        return this.#mix((value as RegExp).lastIndex);
    }
    if (ArrayBuffer.isView(value)) return this.#bytes(value);
    if (prototype !== null && this.#classes.isOwn(prototype)) return this.#properties(value, false);
    // A client, a pool, a socket: what it does inside is its own affair; another one in its place is seen.
    this.#mix(identityOf(value));
  }

  #list(list: unknown[]): void {
    this.#mix(-1 - list.length);
    for (let index = 0; index < list.length && this.#nodes <= nodesPerVariable; index++) {
      this.#add(list[index]);
    }
    // The newest entries of a long list are at its end.
    if (list.length > nodesPerVariable && this.#nodes > nodesPerVariable) {
      this.#nodes = nodesPerVariable - 1;
      this.#add(list.at(-1));
    }
  }

  #bytes(view: ArrayBufferView): void {
    this.#mix(view.byteLength);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, Math.min(view.byteLength, textLength));
    for (const byte of bytes) this.#mix(byte);
  }

  /** Data properties only: a getter is the user's code. */
  #properties(value: object, isFunction: boolean): void {
    let data = 0;
    const names = Object.getOwnPropertyNames(value);
    this.#mix(names.length);
    for (const name of names) {
      if (++this.#nodes > nodesPerVariable) return;
      const property = Object.getOwnPropertyDescriptor(value, name);
      if (!property || !('value' in property) || (isFunction && name === 'prototype')) continue;
      data++;
      this.#text(name);
      this.#add(property.value);
    }
    if (!isFunction && names.length > 0 && data === 0) constant.add(value);
  }
}

function sizeOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  return undefined;
}

function isPlain(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !types.isProxy(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

function identityOf(value: object): number {
  let identity = identities.get(value);
  if (identity === undefined) identities.set(value, (identity = nextIdentity++));
  return identity;
}
