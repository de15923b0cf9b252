import Module from 'node:module';
import { fileURLToPath } from 'node:url';

/*
 * ES modules are timed by marks before their first and after their last statement, put there by a loader hook: imports
 * are done before, so that the marks hold the module's own statements and nothing else. Hooks on the same thread exist
 * from Node 22.15 on and cost about an eighth of a load; older ones run on a thread of their own and cost more than what
 * is measured.
 */

interface LoaderHooks {
  resolve(
    specifier: string,
    context: { parentURL?: string; conditions?: string[] },
    next: (specifier: string, context: unknown) => { url: string },
  ): unknown;
  load(
    url: string,
    context: unknown,
    next: (url: string, context: unknown) => { format?: string | null; source?: unknown },
  ): unknown;
}

/** What the recorder wants to hear. Modules are named by URL in `imported`, by file in `end`. */
export interface ImportMarkListener {
  imported(fromUrl: string, toUrl: string, specifier: string): void;
  begin(): unknown;
  end(file: string, token: unknown): void;
}

const globalKey = 'porchlight.importMark';
const globalName = Symbol.for(globalKey);

const { registerHooks } = Module as unknown as {
  registerHooks?: (hooks: LoaderHooks) => { deregister(): void };
};

/** Marks in ES modules from construction to `end`. */
export class ImportMarks {
  /** Whether this Node can time ES modules. */
  static readonly available = registerHooks !== undefined;
  /** Microseconds that Node took to read, compile and link ES modules. */
  linkUs = 0;
  #listener: ImportMarkListener;
  #running = new Map<string, unknown>();
  /** Characters of each module. */
  #sizes = new Map<string, number>();
  #hooks: { deregister(): void } | undefined;

  constructor(listener: ImportMarkListener) {
    this.#listener = listener;
    Object.defineProperty(globalThis, globalName, {
      value: (url: string, ended: boolean) => this.#mark(url, ended),
      configurable: true,
    });
    this.#hooks = registerHooks?.({
      resolve: (specifier, context, next) => {
        const found = next(specifier, context);
        // The `require` calls of CommonJS are seen where they are made.
        const byImport = !context.conditions?.includes('require');
        if (byImport && context.parentURL) this.#listener.imported(context.parentURL, found.url, specifier);
        return found;
      },
      load: (url, context, next) => {
        const loaded = next(url, context);
        if (loaded.format !== 'module' || !url.startsWith('file:')) return loaded;
        const text = sourceText(loaded.source);
        if (text === undefined || text.startsWith('#!')) return loaded;
        this.#sizes.set(url, text.length);
        return { ...loaded, source: withMarks(text, url) };
      },
    });
  }

  /** Takes the hooks away; gives each module's part of the linking, by size: an estimate. */
  end(): [file: string, us: number][] {
    this.#hooks?.deregister();
    Reflect.deleteProperty(globalThis, globalName);
    const all = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    if (all === 0) return [];
    return [...this.#sizes].map(([url, size]) => [fileURLToPath(url), (this.linkUs * size) / all]);
  }

  #mark(url: string, ended: boolean): void {
    if (!ended) {
      this.#running.set(url, this.#listener.begin());
      return;
    }
    const token = this.#running.get(url);
    if (token === undefined) return;
    this.#running.delete(url);
    this.#listener.end(fileURLToPath(url), token);
  }
}

function sourceText(source: unknown): string | undefined {
  if (typeof source === 'string') return source;
  return source instanceof Uint8Array ? Buffer.from(source).toString('utf8') : undefined;
}

/** Lines stay what they are: the first mark stands on the first line, the last one on a line after the last. */
function withMarks(text: string, url: string): string {
  const mark = `globalThis[Symbol.for("${globalKey}")]?.(${JSON.stringify(url)}`;
  return `${mark},false);${text}\n;${mark},true);`;
}
