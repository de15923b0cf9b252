import { createRequire } from 'node:module';

let require: NodeJS.Require | undefined;

/** Loads a module of Node's when it is first needed: at start it would make every cold start slower. */
export function requireBuiltin<T>(name: string): T {
  // Node 20.16, 22.3 and later; making a `require` takes longer.
  if (typeof process.getBuiltinModule === 'function') return process.getBuiltinModule(name) as T;
  require ??= createRequire(process.execPath);
  return require(`node:${name}`) as T;
}
