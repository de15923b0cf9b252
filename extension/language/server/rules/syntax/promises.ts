import type ts from 'typescript';
import type { FunctionNode, ModuleCode } from './moduleCode.ts';

const promising: { module: RegExp; name: RegExp }[] = [
  {
    module: /^(?:axios|got|ky)$/,
    name: /^(?:(?:default\.)?(?:get|post|put|patch|delete|head|options|request)|default|\*)$/,
  },
  { module: /^(?:node-fetch|undici|cross-fetch)$/, name: /^(?:default|\*|fetch|request)$/ },
  { module: /^fs\/promises$/, name: /./ },
  { module: /^fs$/, name: /^promises\./ },
  { module: /^timers\/promises$/, name: /^set(?:Timeout|Immediate)$/ },
];

/** What is known to return a promise, by the text of the code alone. */
export function returnsPromise(code: ModuleCode, expression: ts.Expression): boolean {
  const { ts } = code;
  const call = code.bare(expression);
  if (!ts.isCallExpression(call)) return false;
  const helper = code.calledFunction(call);
  if (helper) return code.isAsync(helper) && !code.isGenerator(helper);
  const called = code.bare(call.expression);
  if (ts.isIdentifier(called) && called.text === 'fetch' && code.bindings.isGlobal(called)) return true;
  const imported = code.importedName(called);
  if (
    imported &&
    promising.some(({ module, name }) => module.test(imported.module) && name.test(imported.name))
  )
    return true;
  return ts.isPropertyAccessExpression(called) && isPromiseMethod(code, call, called);
}

function isPromiseMethod(
  code: ModuleCode,
  call: ts.CallExpression,
  called: ts.PropertyAccessExpression,
): boolean {
  const { ts } = code;
  const object = code.bare(called.expression);
  const name = called.name.text;
  const isPromise = ts.isIdentifier(object) && object.text === 'Promise' && code.bindings.isGlobal(object);
  if (isPromise) return /^(?:all|allSettled|any|race)$/.test(name);
  // Requests of AWS SDK 2: `s3.putObject(…).promise()`.
  if (name === 'promise' && call.arguments.length === 0) return ts.isCallExpression(object);
  // Commands of AWS SDK 3: `client.send(new PutObjectCommand(…))`.
  const [command, callback] = call.arguments;
  if (name === 'send' && command && !callback && ts.isNewExpression(command)) {
    const imported = code.importedName(command.expression);
    return /^@aws-sdk\//.test(imported?.module ?? '') && /Command$/.test(imported?.name ?? '');
  }
  const chained =
    /^(?:then|catch|finally)$/.test(name) && call.arguments.some((each) => code.isFunction(each));
  return (
    chained &&
    (name !== 'catch' ? returnsPromise(code, object) || name === 'then' : returnsPromise(code, object))
  );
}

/** `list.forEach(async …)`: what its callbacks begin is waited for by nobody. Gives the callback. */
export function asyncForEach(code: ModuleCode, expression: ts.Expression): FunctionNode | undefined {
  const { ts } = code;
  const call = code.bare(expression);
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return undefined;
  const [callback] = call.arguments;
  const isForEach = /^(?:forEach|map)$/.test(call.expression.name.text);
  return isForEach && code.isFunction(callback) && code.isAsync(callback) ? callback : undefined;
}

/** Whether a function waits for something itself. */
export function awaits(code: ModuleCode, node: FunctionNode): boolean {
  const { ts } = code;
  let found = false;
  code.visit(node.body ?? node, (each) => {
    found ||= ts.isAwaitExpression(each) || (ts.isForOfStatement(each) && each.awaitModifier !== undefined);
    return !found && !ts.isFunctionLike(each);
  });
  return found;
}

/** `emitter.on('x', async () => …)`: called by somebody who waits for nothing. */
export function isListener({ ts }: ModuleCode, around: FunctionNode): boolean {
  const { parent } = around;
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    /^(?:on|once|addListener|addEventListener|use)$/.test(parent.expression.name.text)
  );
}
