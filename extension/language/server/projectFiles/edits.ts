import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';

/** A text to put into the place of another one. */
export interface TextChange {
  file: string;
  range: TextRange;
  text: string;
}

/** A change of several files, or why it cannot be made, as a sentence. */
export type Renaming = { changes: TextChange[]; moved?: { from: string; to: string } } | { refused: string };

/** Changes without those that are of the same place. */
export function distinct(changes: readonly TextChange[]): TextChange[] {
  const seen = new Set<string>();
  return changes.filter(({ file, range }) => {
    const key = `${file}\0${range.start}\0${range.end}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
