import { dirname, join } from 'node:path';
import type { ParseContext } from '../projectFile.ts';
import { pythonNames } from '../../pythonModule.ts';

/** Exports that are a function, the first of them that is there: today's, today's without a class, and the first of all. */
const exportNames = ['new', 'handle', 'main'];

/**
 * The handler string of a Python function. Today its package is called `function` and exports `new` or `handle`; before,
 * a file `func.py` had `main`. What the package only passes on is looked for where it comes from.
 */
export function pythonHandler({ file, include }: ParseContext): string {
  const read = (path: string): string | undefined => {
    const found = include?.(join(dirname(file), ...path.split('/')));
    return found && 'text' in found ? found.text : undefined;
  };
  for (const [path, module] of [
    ['function/__init__.py', 'function'],
    ['function/func.py', 'function.func'],
    ['func.py', 'func'],
    ['function.py', 'function'],
  ] as const) {
    const text = read(path);
    if (text === undefined) continue;
    const name = exportNames.find((each) => pythonNames(text).some(({ name }) => name === each));
    if (name === undefined) continue;
    const passed = passedOn(text, name);
    const passedModule =
      passed && read(`${module}/${passed}.py`) !== undefined ? `${module}.${passed}` : module;
    return `${passedModule}.${name}`;
  }
  return 'function.func.new';
}

/** The module beside a package's own from which it imports a name. */
function passedOn(text: string, name: string): string | undefined {
  const form = new RegExp(`^from[ \\t]+\\.(\\w+)[ \\t]+import[ \\t]+\\(?[^#\\n]*\\b${name}\\b`, 'm');
  return form.exec(text)?.[1];
}
