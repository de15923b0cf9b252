/**
 * What a debugger means when it refuses a breakpoint. `dlv` answers with text alone: "could not find file …" when nothing of
 * a file was compiled into the program, "could not find statement at …" when a line of it made no code
 * (`pkg/proc/bininfo.go`, `ErrCouldNotFindLine` and before).
 */
export function readRefusal(message: string): 'file' | 'statement' | 'other' {
  if (/\bcould not find file\b/i.test(message)) return 'file';
  return /\bcould not find (statement|line)\b/i.test(message) ? 'statement' : 'other';
}
