import type { SourcePosition } from '../../runtime/model/words.ts';

/** `file.ts:12`, the way a place is named. */
export function placeText(position: Pick<SourcePosition, 'file' | 'line'> & Partial<SourcePosition>): string {
  return `${fileName(position.file)}:${position.line}`;
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}
