import { relative } from 'node:path';
import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { findHandlerModule, nearestModule, type HandlerModuleQuery } from '../model/handlerModule.ts';
import { splitHandler } from '../model/handlerString.ts';
import { diskLookup } from '../support/fileLookup.ts';

/** One handler string, and the user's file behind it. */
export interface HandlerTarget {
  handler: string;
  file: string;
  exportName: string;
  compiled: boolean;
}

/** What a function's instance calls: its handler, and the hooks of its life cycle. */
export interface HandlerTargets {
  handler: HandlerTarget;
  initializer?: HandlerTarget;
  preFreeze?: HandlerTarget;
  preStop?: HandlerTarget;
}

/** Finds the files behind every handler string of a function, or says which is missing and what is there instead. */
export function locateHandlers(definition: FunctionDefinition, root: string): HandlerTargets {
  const { initializer, preFreeze, preStop } = definition;
  return {
    handler: locate(definition, definition.handler, root),
    ...(initializer ? { initializer: locate(definition, initializer.handler, root) } : {}),
    ...(preFreeze ? { preFreeze: locate(definition, preFreeze.handler, root) } : {}),
    ...(preStop ? { preStop: locate(definition, preStop.handler, root) } : {}),
  };
}

function locate(definition: FunctionDefinition, handler: string, root: string): HandlerTarget {
  if (handler === '') throw new PorchlightError('HANDLER_MISSING', { function: definition.name });
  const parts = splitHandler(handler, definition.platform, definition.language);
  if (!parts) throw new PorchlightError('HANDLER_INVALID', { handler });
  const query: HandlerModuleQuery = {
    root,
    codeRoot: definition.codeRoot,
    module: parts.module,
    language: definition.language,
    ...(definition.build ? { build: definition.build } : {}),
  };
  const found = findHandlerModule(query, diskLookup);
  if (found) return { handler, exportName: parts.exportName, ...found };
  throw new PorchlightError('MODULE_MISSING', {
    module: parts.module,
    nearest: nearestModule(query, diskLookup),
    function: definition.name,
    handler,
    codeRoot: relative(root, definition.codeRoot) || '.',
  });
}
