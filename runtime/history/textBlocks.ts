import type { Database, Statement } from 'node-sqlite3-wasm';
import type { QueryParams } from '../protocol/control/messages.ts';
import { factPlace, GramCollector, gramPlaces, mayContain } from './grams.ts';
import { conditionsOf, factsOf, limitOf } from './querySql.ts';

/*
 * Search by words. The texts of finished records are gathered in blocks of about this size, each with a filter over
 * all of its texts. A search asks the filters, newest block first, reads the few blocks that pass, and ends when it
 * has a page. The newest texts, and those of running invocations, lie in `tail` until there are enough for a block.
 */
const mostItems = 32;
const fullBytes = 64 * 1024;

/** Filters are kept in memory after a search, some tens of megabytes for 100,000 records, and dropped after this. */
const idleMs = 5 * 60_000;

const lineBreak = 0x0a;

/** The text of one finished record. */
export interface TextItem {
  seq: number;
  receivedAt: number;
  text: Buffer;
  function: string;
  status: string;
  startKind: string | null;
}

interface BlockHead {
  block: number;
  /** Times of its oldest and newest record. */
  since: number;
  until: number;
  grams: Uint8Array;
}

interface Hit {
  seq: number;
  receivedAt: number;
}

/** The blocks of an open database. Calls that write belong into a transaction. */
export class TextBlocks {
  readonly #database: Database;
  readonly #collector = new GramCollector();
  readonly #readBlock: Statement;
  readonly #writeTail: Statement;
  /** The finished records in `tail`. */
  #tail: Map<number, TextItem> | undefined;
  #tailBytes = 0;
  #next = 0;
  /** Which of them are not in the table yet. */
  readonly #unwritten = new Set<number>();
  #heads: BlockHead[] | undefined;
  #searchedAt = 0;

  constructor(database: Database) {
    this.#database = database;
    this.#readBlock = database.prepare('select items, text from blocks where block = ?');
    this.#writeTail = database.prepare('insert or replace into tail (seq, text) values (?, ?)');
  }

  /** The block that texts go to now; their rows say so. */
  get current(): number {
    this.#load();
    return this.#next;
  }

  /** What is known of the file may no longer be so: another process wrote, or a transaction was taken back. */
  reset(): void {
    this.#tail = undefined;
    this.#heads = undefined;
    this.#unwritten.clear();
  }

  /** The text of a finished record, also when it had another one. */
  put(item: TextItem): void {
    const tail = this.#load();
    this.#tailBytes += item.text.length - (tail.get(item.seq)?.text.length ?? 0);
    tail.set(item.seq, item);
    this.#unwritten.add(item.seq);
    if (tail.size >= mostItems || this.#tailBytes >= fullBytes) this.#seal(tail);
  }

  /** The text of an invocation that runs. */
  putRunning(seq: number, text: Buffer): void {
    this.#writeTail.run([seq, text]);
  }

  /** Writes what waits for its block. */
  flush(): void {
    for (const seq of this.#unwritten) this.#writeTail.run([seq, this.#tail!.get(seq)!.text]);
    this.#unwritten.clear();
    if (this.#heads && performance.now() - this.#searchedAt > idleMs) this.#heads = undefined;
  }

  /** Drops the texts of records that are gone: all that are older than the oldest record. */
  forgetBefore(oldest: number): void {
    this.#database.run('delete from blocks where until < ?', [oldest]);
    this.#heads = this.#heads?.filter(({ until }) => until >= oldest);
  }

  /** After records were removed, whose texts may be among the newest. */
  forgetTail(): void {
    this.#database.exec('delete from tail where seq not in (select seq from records)');
    this.#tail = undefined;
  }

  /** The newest records that have all words and meet the conditions, newest first. */
  search(words: readonly string[], params: QueryParams): number[] {
    const limit = limitOf(params);
    if (limit === 0) return [];
    const bytes = words.map((word) => Buffer.from(word));
    const places = bytes.flatMap(gramPlaces).concat(factsOf(params).map(factPlace));
    const conditions = conditionsOf(params);
    const before = this.#timeOf(params.before);
    const hits: Hit[] = this.#searchTail(bytes, conditions);
    const check = this.#database.prepare(
      `select seq, receivedAt from records
       where seq in (${Array(mostItems).fill('?').join()}) and block = ? and owner is null and ${conditions.sql}`,
    );
    try {
      for (const head of this.#loadHeads()) {
        if (params.from !== undefined && head.until < params.from) break;
        if (hits.length >= limit && newest(hits, limit)[limit - 1]!.receivedAt > head.until) break;
        if (head.since > Math.min(params.to ?? Infinity, before)) continue;
        if (!mayContain(head.grams, places)) continue;
        const found = this.#searchBlock(head.block, bytes);
        if (found.length === 0) continue;
        const seqs = found.concat(Array<number>(mostItems - found.length).fill(-1));
        const rows = check.all([...seqs, head.block, ...conditions.values]);
        for (const row of rows) hits.push({ seq: Number(row.seq), receivedAt: Number(row.receivedAt) });
      }
    } finally {
      check.finalize();
      this.#searchedAt = performance.now();
    }
    return newest(hits, limit).map(({ seq }) => seq);
  }

  close(): void {
    this.#readBlock.finalize();
    this.#writeTail.finalize();
  }

  #load(): Map<number, TextItem> {
    if (this.#tail) return this.#tail;
    const last = this.#database.get('select coalesce(max(block), 0) as block from blocks');
    this.#next = Number(last?.block) + 1;
    const rows = this.#database.all(
      `select seq, text, receivedAt, function, status, startKind from tail join records using (seq)
       where owner is null order by seq`,
    );
    const tail = new Map<number, TextItem>();
    this.#tailBytes = 0;
    for (const row of rows) {
      const item: TextItem = {
        seq: Number(row.seq),
        receivedAt: Number(row.receivedAt),
        text: asBuffer(row.text),
        function: String(row.function),
        status: String(row.status),
        startKind: row.startKind === null ? null : String(row.startKind),
      };
      tail.set(item.seq, item);
      this.#tailBytes += item.text.length;
    }
    return (this.#tail = tail);
  }

  #seal(tail: Map<number, TextItem>): void {
    const items = [...tail.values()];
    const parts: Buffer[] = [];
    const separator = Buffer.of(lineBreak);
    const table = new Float64Array(items.length * 2);
    let end = 0;
    let since = Infinity;
    let until = -Infinity;
    items.forEach(({ seq, receivedAt, text, ...columns }, index) => {
      parts.push(text, separator);
      end += text.length + 1;
      table[index * 2] = seq;
      table[index * 2 + 1] = end;
      since = Math.min(since, receivedAt);
      until = Math.max(until, receivedAt);
      this.#collector.addText(text);
      const { startKind, ...facts } = columns;
      for (const fact of factsOf({ ...facts, ...(startKind && { startKind }) } as QueryParams))
        this.#collector.addFact(fact);
    });
    const head: BlockHead = { block: this.#next, since, until, grams: this.#collector.take() };
    this.#database.run(
      'insert into blocks (block, since, until, items, grams, text) values (?, ?, ?, ?, ?, ?)',
      [head.block, since, until, new Uint8Array(table.buffer), head.grams, Buffer.concat(parts)],
    );
    this.#database.exec(`delete from tail where seq in (${items.map(({ seq }) => seq).join()})`);
    tail.clear();
    this.#tailBytes = 0;
    this.#unwritten.clear();
    this.#next++;
    this.#heads?.push(head);
  }

  /** Newest first. */
  #loadHeads(): BlockHead[] {
    this.#heads ??= this.#database.all('select block, since, until, grams from blocks').map((row) => ({
      block: Number(row.block),
      since: Number(row.since),
      until: Number(row.until),
      grams: row.grams as Uint8Array,
    }));
    return this.#heads.sort((a, b) => b.until - a.until);
  }

  #timeOf(id: string | undefined): number {
    if (id === undefined) return Infinity;
    const row = this.#database.get('select receivedAt from records where id = ?', [id]);
    return row ? Number(row.receivedAt) : -Infinity;
  }

  #searchTail(words: Buffer[], { sql, values }: ReturnType<typeof conditionsOf>): Hit[] {
    const rows = this.#database.all(
      `select seq, receivedAt, text from tail join records using (seq) where ${sql}`,
      values,
    );
    return rows.flatMap((row) => {
      const text = asBuffer(row.text);
      if (!words.every((word) => text.includes(word))) return [];
      return [{ seq: Number(row.seq), receivedAt: Number(row.receivedAt) }];
    });
  }

  /** The records of a block that have all words. */
  #searchBlock(block: number, words: Buffer[]): number[] {
    const [row] = this.#readBlock.all([block]);
    if (!row) return [];
    const text = asBuffer(row.text);
    // A copy: numbers have to lie at multiples of their size.
    const items = new Float64Array((row.items as Uint8Array).slice().buffer);
    const found: number[] = [];
    const [first, ...others] = words as [Buffer, ...Buffer[]];
    let item = 0;
    for (let at = text.indexOf(first); at >= 0 && item < items.length;) {
      while (items[item + 1]! <= at) item += 2;
      const end = items[item + 1]!;
      const start = item === 0 ? 0 : items[item - 1]!;
      const own = text.subarray(start, end);
      if (others.every((word) => own.includes(word))) found.push(items[item]!);
      at = text.indexOf(first, end);
    }
    return found;
  }
}

function newest(hits: Hit[], count: number): Hit[] {
  hits.sort((a, b) => b.receivedAt - a.receivedAt || b.seq - a.seq);
  return hits.slice(0, count);
}

function asBuffer(value: unknown): Buffer {
  const bytes = value as Uint8Array;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
