import * as nodeModule from 'node:module';

/** Of the Node that runs tests; the declarations are those of the oldest Node that runs functions. */
const { stripTypeScriptTypes } = nodeModule as unknown as { stripTypeScriptTypes(code: string): string };

export type NodejsForm = 'commonjs' | 'module' | 'typescript';

/** Fixtures that cannot be parsed say so in their first line. */
const takenAsItIs = '// Broken on purpose';

/**
 * Turns a fixture, written in TypeScript with `import { … } from` and `export const` in lines of their own, into
 * JavaScript of a form. Every line stays where it is, so that positions are the same in all forms.
 */
export function nodejsForm(source: string, form: Exclude<NodejsForm, 'typescript'>): string {
  const text = source.startsWith(takenAsItIs) ? source : stripTypeScriptTypes(source);
  if (form === 'module') return text;
  const script = text
    .replace(/^import (\{[^}]*\}) from ('[^']+');$/gm, 'const $1 = require($2);')
    .replace(/^export const (\w+) =/gm, 'const $1 = exports.$1 =');
  const left = /^(?:import|export)\b.*$/m.exec(script)?.[0];
  if (left !== undefined) throw new Error(`This line of a fixture cannot be turned into CommonJS: ${left}`);
  return script;
}
