import type { LanguageId, PlatformId } from './words.ts';

/** The two parts of a handler string: a module without extension, relative to the code folder, and an export. */
export interface HandlerParts {
  /** With forward slashes and without a leading `./`. */
  module: string;
  /** The export; dots in it mean nested properties where the platform allows that. */
  exportName: string;
}

/**
 * Splits a handler string as the platform does, or gives undefined when it has no valid form.
 * Lambda cuts at the first dot of the base name, so that the export may be nested (`dir/module.export.nested`), and
 * refuses `..` anywhere (AWS Lambda runtime interface client). Function Compute cuts at the last dot, so that the
 * file name may hold dots (its Node.js runtime). Other platforms follow Function Compute. Python is cut at the last dot
 * everywhere: what is before it names a module, whose dots are folders as well.
 */
export function splitHandler(
  handler: string,
  platform: PlatformId,
  language: LanguageId = 'nodejs',
): HandlerParts | undefined {
  return platform === 'aws-lambda' && language !== 'python'
    ? splitAtFirstDot(handler)
    : splitAtLastDot(handler);
}

function splitAtFirstDot(handler: string): HandlerParts | undefined {
  if (handler.includes('..')) {
    return undefined;
  }
  const baseStart = handler.lastIndexOf('/') + 1;
  const dot = handler.indexOf('.', baseStart);
  return dot < 0 ? undefined : parts(handler, dot, baseStart);
}

function splitAtLastDot(handler: string): HandlerParts | undefined {
  const baseStart = handler.lastIndexOf('/') + 1;
  const dot = handler.lastIndexOf('.');
  return dot < baseStart ? undefined : parts(handler, dot, baseStart);
}

function parts(handler: string, dot: number, baseStart: number): HandlerParts | undefined {
  const module = handler.slice(0, dot).replace(/^(?:\.\/)+/, '');
  const exportName = handler.slice(dot + 1);
  if (dot === baseStart || exportName === '' || /\s/.test(handler) || handler.startsWith('/')) {
    return undefined;
  }
  return { module, exportName };
}
