import type ts from 'typescript';
import type { ModuleCode } from './moduleCode.ts';

/** A part of the code that runs on some paths only, with what decides about it. */
export interface Branch {
  /** The statement or expression that branches. */
  of: ts.Node;
  /** Its part: `then`, `else`, one `case`, the right side of `&&`, `catch`. */
  part: ts.Node;
  /** Undefined for `catch`. */
  condition: ts.Node | undefined;
}

/** Branches around a node up to a function (left out) or the file, innermost first. */
export function branchesAround(code: ModuleCode, node: ts.Node): Branch[] {
  const { ts } = code;
  const found: Branch[] = [];
  for (let at = node; at.parent && !ts.isSourceFile(at); at = at.parent) {
    if (at !== node && ts.isFunctionLike(at)) break;
    const branch = branchOf(code, at);
    if (branch) found.push(branch);
  }
  return found;
}

function branchOf({ ts }: ModuleCode, part: ts.Node): Branch | undefined {
  const of = part.parent;
  if (ts.isIfStatement(of) && part !== of.expression) return { of, part, condition: of.expression };
  if (ts.isConditionalExpression(of) && part !== of.condition) return { of, part, condition: of.condition };
  if (ts.isCaseOrDefaultClause(part)) {
    const statement = part.parent.parent;
    return { of: statement, part, condition: statement.expression };
  }
  if (ts.isCatchClause(part)) return { of, part, condition: undefined };
  if (ts.isWhileStatement(of) && part === of.statement) return { of, part, condition: of.expression };
  const lazy =
    ts.isBinaryExpression(of) &&
    part === of.right &&
    /^(&&|\|\||\?\?)=?$/.test(ts.tokenToString(of.operatorToken.kind) ?? '');
  return lazy ? { of, part, condition: of.left } : undefined;
}

/** Whether at most one of two nodes runs: they stand in different parts of the same `if` or `switch`. */
export function areExclusive(code: ModuleCode, one: ts.Node, other: ts.Node): boolean {
  const others = branchesAround(code, other);
  return branchesAround(code, one).some((branch) =>
    others.some((each) => each.of === branch.of && each.part !== branch.part),
  );
}
