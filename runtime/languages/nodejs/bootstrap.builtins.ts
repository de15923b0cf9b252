import { createRequire } from 'node:module';

let require: NodeJS.Require | undefined;

/** One of Node's own modules, loaded when it is needed: together they would double the time an instance takes to boot. */
export function builtin<Exports>(name: string): Exports {
  // Node 18 has no such function.
  const found: unknown = process.getBuiltinModule?.(name);
  return (found ?? (require ??= createRequire(process.execPath))(name)) as Exports;
}
