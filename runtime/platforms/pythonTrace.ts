/** The frames of a Python error's stack, each with the text of its line: a traceback's entries. */
export function pythonFrames(stack: readonly string[]): string[] {
  const frames: string[] = [];
  for (const line of stack) {
    if (line === 'Traceback (most recent call last):') continue;
    if (/^ {2}File /.test(line) || frames.length === 0) frames.push(line);
    else frames.push(`${frames.pop()}\n${line}`);
  }
  return frames.map((frame) => `${frame}\n`);
}
