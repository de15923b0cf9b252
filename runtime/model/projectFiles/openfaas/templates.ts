import type { LanguageId } from '../../words.ts';

/** How functions of a template run here. */
export interface Template {
  language: LanguageId;
  handler: string;
  /** Time its image gives a call unless the function says otherwise (its Dockerfile), in milliseconds. */
  timeoutMs: number;
}

/**
 * Templates whose handlers are called here as they are: `node`, `node12` to `node22` (openfaas/templates), and the Python
 * ones with HTTP, Flask and classic handlers (openfaas/python-flask-template).
 */
export function templateOf(lang: string): Template | undefined {
  if (/^node\d*(-debian)?$/.test(lang))
    return { language: 'nodejs', handler: 'handler.default', timeoutMs: 10_000 };
  if (/^python(3|3\.\d+)?(-(http|flask))?(-debian)?$/.test(lang)) {
    return { language: 'python', handler: 'handler.handle', timeoutMs: 30_000 };
  }
  return undefined;
}
