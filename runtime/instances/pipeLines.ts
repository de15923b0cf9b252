import { StringDecoder } from 'node:string_decoder';

/** Longest line kept of a pipe, in characters; the rest of it starts a new line. */
const longestLine = 32 * 1024;

/** What Node's inspector itself writes to stderr; not the function's words. */
const inspectorLines =
  /^(Debugger listening on ws:|Debugger ending on ws:|Debugger attached\.|Waiting for the debugger to disconnect|For help, see: https:\/\/nodejs\.org)/;

/** Cuts a pipe's bytes into lines; characters may be split over chunks. */
export class PipeLines {
  #onLine: (line: string) => void;
  #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    this.#rest += this.#decoder.write(chunk);
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end < 0 && this.#rest.length < longestLine) return;
      const cut = end < 0 ? longestLine : end;
      this.#emit(this.#rest.slice(0, cut));
      this.#rest = this.#rest.slice(end < 0 ? cut : cut + 1);
    }
  }

  /** What came without an end of line counts as one. */
  flush(): void {
    if (this.#rest) this.#emit(this.#rest);
    this.#rest = '';
  }

  end(): void {
    this.#rest += this.#decoder.end();
    if (this.#rest) this.#emit(this.#rest);
    this.#rest = '';
  }

  #emit(line: string): void {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (!inspectorLines.test(text)) this.#onLine(text);
  }
}
