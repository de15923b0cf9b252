import type { FolderHost } from '../hostClient/folderHost.ts';
import type { InvocationRow } from './invocationRow.ts';

/** Longest chain that is drawn; hosts stop calls long before. A longer one is a circle, e.g. of a damaged history. */
const longestChain = 64;

/**
 * Puts every row below the one that called it, if that is listed too, and gives those that are below none, in the order
 * of `rows` (newest first). Rows of callers that call each other in a circle stay at the top.
 */
export function placeBelowCallers(
  rows: ReadonlyMap<string, InvocationRow>,
  key: (host: FolderHost, id: string) => string,
): InvocationRow[] {
  const callerOf = (row: InvocationRow): InvocationRow | undefined => {
    const { parent } = row.summary;
    return parent === undefined ? undefined : rows.get(key(row.host, parent));
  };
  const roots: InvocationRow[] = [];
  const calls = new Map<InvocationRow, InvocationRow[]>();
  const callers = new Map<InvocationRow, InvocationRow>();
  for (const row of rows.values()) {
    const caller = callerOf(row);
    if (!caller || !endsAtTop(caller, row, callerOf)) {
      roots.push(row);
      continue;
    }
    callers.set(row, caller);
    const siblings = calls.get(caller);
    if (siblings) siblings.push(row);
    else calls.set(caller, [row]);
  }
  for (const row of rows.values()) row.place(callers.get(row), calls.get(row)?.reverse() ?? []);
  return roots;
}

function endsAtTop(
  caller: InvocationRow,
  row: InvocationRow,
  callerOf: (row: InvocationRow) => InvocationRow | undefined,
): boolean {
  let next: InvocationRow | undefined = caller;
  for (let steps = 0; steps < longestChain; steps++) {
    if (!next) return true;
    if (next === row) return false;
    next = callerOf(next);
  }
  return false;
}

/** Puts every row at the top. */
export function placeFlat(rows: Iterable<InvocationRow>): InvocationRow[] {
  const all = [...rows];
  for (const row of all) row.place(undefined, []);
  return all;
}
