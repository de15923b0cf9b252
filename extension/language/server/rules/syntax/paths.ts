import type ts from 'typescript';
import type { ModuleCode } from './moduleCode.ts';

/** How a piece of code may go on: on to what follows it, or out of its loop or `switch`. */
interface Ends {
  falls: boolean;
  breaks: boolean;
}

const nowhere: Ends = { falls: false, breaks: false };
const onward: Ends = { falls: true, breaks: false };

/**
 * Finds the ends of a function that are reached without an answer: `return` statements, or the function itself for
 * running off its end. `answers` says whether a piece of code may answer on every way through it.
 */
export class SilentPaths {
  readonly #code: ModuleCode;
  readonly #answers: (node: ts.Node) => boolean;
  readonly #silent: ts.Node[] = [];

  constructor(code: ModuleCode, answers: (node: ts.Node) => boolean) {
    this.#code = code;
    this.#answers = answers;
  }

  of(body: ts.Block): ts.Node[] {
    if (this.#block(body.statements).falls) this.#silent.push(body);
    return this.#silent;
  }

  /** Whether a statement can be left without an answer; silent `return`s on the way are noted. */
  #statement(node: ts.Statement): Ends {
    const { ts } = this.#code;
    if (ts.isBlock(node)) return this.#block(node.statements);
    if (ts.isIfStatement(node)) return this.#if(node);
    if (ts.isSwitchStatement(node)) return this.#switch(node);
    if (ts.isTryStatement(node)) return this.#try(node);
    if (ts.isLabeledStatement(node)) return this.#statement(node.statement);
    if (ts.isThrowStatement(node)) return nowhere;
    if (ts.isReturnStatement(node)) {
      // What is returned may be a promise, or the call that answers.
      if (!node.expression || isNothing(this.#code, node.expression)) this.#silent.push(node);
      return nowhere;
    }
    if (ts.isBreakStatement(node)) return { falls: false, breaks: true };
    if (ts.isContinueStatement(node)) return nowhere;
    // A function that is only declared does nothing yet; a loop may run no time, but who knows.
    if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return onward;
    if (this.#answers(node)) return nowhere;
    if (ts.isIterationStatement(node, false)) {
      this.#statement(node.statement);
      return onward;
    }
    return onward;
  }

  #block(statements: readonly ts.Statement[]): Ends {
    let breaks = false;
    for (const statement of statements) {
      const ends = this.#statement(statement);
      breaks ||= ends.breaks;
      if (!ends.falls) return { falls: false, breaks };
    }
    return { falls: true, breaks };
  }

  #if(node: ts.IfStatement): Ends {
    if (this.#answers(node.expression)) return nowhere;
    const then = this.#statement(node.thenStatement);
    const otherwise = node.elseStatement ? this.#statement(node.elseStatement) : onward;
    return { falls: then.falls || otherwise.falls, breaks: then.breaks || otherwise.breaks };
  }

  #switch(node: ts.SwitchStatement): Ends {
    const { ts } = this.#code;
    if (this.#answers(node.expression)) return nowhere;
    const { clauses } = node.caseBlock;
    let leaves = !clauses.some((clause) => ts.isDefaultClause(clause));
    clauses.forEach((clause, i) => {
      const ends = this.#block(clause.statements);
      leaves ||= ends.breaks || (ends.falls && i === clauses.length - 1);
    });
    return { falls: leaves, breaks: false };
  }

  #try({ tryBlock, catchClause, finallyBlock }: ts.TryStatement): Ends {
    if (finallyBlock && this.#answers(finallyBlock)) return nowhere;
    const tried = this.#block(tryBlock.statements);
    const caught = catchClause ? this.#block(catchClause.block.statements) : nowhere;
    return { falls: tried.falls || caught.falls, breaks: tried.breaks || caught.breaks };
  }
}

function isNothing({ ts }: ModuleCode, node: ts.Expression): boolean {
  return (
    node.kind === ts.SyntaxKind.NullKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    (ts.isIdentifier(node) && node.text === 'undefined')
  );
}
