import { dirname, join } from 'node:path';
import type { ProgramSettings } from '../../program.ts';
import type { ParseContext } from '../projectFile.ts';
import { goScaffold } from './goScaffold.ts';
import { nodeEntry } from './nodeEntry.ts';
import { pythonHandler } from './pythonEntry.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** How functions of a runtime of `func` run here. */
export interface FuncRuntime {
  language: string;
  handler: string;
  /** What the function's own tools set. */
  env?: Record<string, string>;
  program?: ProgramSettings;
  /** Why it does not run as it is, and what helps. */
  missing?: Phrase;
}

/** Runs of a function whose folder holds a server of its own. */
const built = '$ARTIFACTS_DIR/function';

/** Knows the runtimes of `func`, for a function with these variables; what is none of them is listed under its name. */
export function funcRuntime(
  runtime: string,
  context: ParseContext,
  variables: Readonly<Record<string, string>>,
): FuncRuntime {
  switch (runtime) {
    case 'node':
    case 'typescript': {
      const { module, env } = nodeEntry(context, variables);
      return { language: 'nodejs', handler: `${module}.handle`, env };
    }
    case 'python':
      return { language: 'python', handler: pythonHandler(context) };
    case 'go':
      return goProgram(context);
    case 'rust':
      // The template's `main.rs` is the server.
      return {
        language: 'custom',
        handler: '',
        program: { build: ['cargo', 'build'], command: ['cargo', 'run', '--quiet'] },
      };
    default:
      return { language: runtime, handler: '' };
  }
}

/** `func` builds Go functions around a server that is not among their files: one is made here; one that has a `main` is its own. */
function goProgram(context: ParseContext): FuncRuntime {
  const { file, include } = context;
  const isMain = ['main.go', 'handle.go', 'function.go'].some((name) => {
    const found = include?.(join(dirname(file), name));
    return found && 'text' in found && /^package[ \t]+main\b/m.test(found.text);
  });
  if (isMain) {
    const program = { build: ['go', 'build', '-o', built, '.'], command: [built] };
    return { language: 'custom', handler: '', program };
  }
  const scaffold = goScaffold(context);
  if (scaffold) return { language: 'custom', handler: '', program: { ...scaffold, command: [built] } };
  const missing = phrase(
    'func builds Go functions around a server that is not among these files, and no Handle or New for HTTP is found in them. To run it here, add a program that serves it (package main), or name one in porchlight.yaml: command.',
  );
  return { language: 'go', handler: '', missing };
}
