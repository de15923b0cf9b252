import type { ProgramSettings } from '../program.ts';
import { intrinsicOf } from './samIntrinsics.ts';
import { textOf, type Tree } from './tree.ts';

/** The start of an interpreter, which the layer of the adapter takes over. */
const wrapperVariable = 'AWS_LAMBDA_EXEC_WRAPPER';
const wrapper = '/opt/bootstrap';

/**
 * A function behind AWS's Lambda Web Adapter (its documentation, "Lambda functions packaged as Zip package"): a web server
 * that the layer translates events for. With an interpreter's runtime the handler is the script that starts it, by which the
 * wrapper replaces the runtime's own start; with `provided` the program itself is the server.
 */
export function readWebAdapter(
  layers: Tree | undefined,
  env: Readonly<Record<string, string>>,
  handler: string,
  program: ProgramSettings | undefined,
): ProgramSettings | undefined {
  const isWrapped = program === undefined && env[wrapperVariable] === wrapper && handler !== '';
  if (isWrapped) return { command: [`./${handler}`], protocol: 'http' };
  return program && hasAdapter(layers) ? { ...program, protocol: 'http' } : undefined;
}

function hasAdapter(layers: Tree | undefined): boolean {
  const items = layers?.kind === 'list' ? layers.items : [];
  return items.some((item) => {
    const text = textOf(item) ?? textOf(intrinsicOf(item)?.argument);
    return text !== undefined && /:layer:LambdaAdapterLayer/.test(text);
  });
}
