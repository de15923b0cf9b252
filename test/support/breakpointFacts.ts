import type {
  BreakpointFacts,
  FunctionUse,
  InstanceFacts,
} from '../../runtime/protocol/control/breakpointFacts.ts';

/** The place of the handler of `hello`. */
export const handler = { file: '/p/src/index.ts', line: 1, column: 1 };

/** An instance of `hello` that is debugged and has loaded the file. */
export const instance = (sequence: number, changes: Partial<InstanceFacts> = {}): InstanceFacts => ({
  id: `hello#${sequence}`,
  phase: 'idle',
  current: true,
  ran: true,
  debugged: true,
  loaded: true,
  bound: [],
  ...changes,
});

/** A function that uses the file. */
export const use = (changes: Partial<FunctionUse> = {}): FunctionUse => ({
  function: 'hello',
  entryFile: handler.file,
  debugger: true,
  debugged: true,
  lines: [{ line: 5, code: true }],
  instances: [],
  ...changes,
});

/** What a host knows of a breakpoint on line 5. */
export const host = (changes: Partial<BreakpointFacts> = {}): BreakpointFacts => ({
  exists: true,
  place: { kind: 'plain' },
  lines: [{ line: 5, code: true }],
  users: [use()],
  around: [],
  others: [],
  mapFaults: [],
  ...changes,
});
