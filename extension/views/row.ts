import type { Icon } from '../presentation/words.ts';

/** What one row of a tree shows, as plain data: the editor's items are made of it, and tests print it. */
export interface RowContent {
  label: string;
  /** Said after the label; holds in words what the icon says. */
  description?: string;
  icon?: Icon;
  /** Markdown. */
  tooltip?: string;
  /** For when-clauses of menus. */
  context?: string;
  command?: { id: string; title: string; argument: unknown };
  /** For screen readers, when label and description do not read well. */
  spoken?: string;
}

export type Expansion = 'none' | 'collapsed' | 'expanded';

/**
 * One row. Rows are kept as long as what they stand for, since the editor refreshes by identity; `id` is stable and
 * unique in its view, so that expansion survives.
 */
export interface Row {
  readonly id: string;
  readonly parent: Row | undefined;
  /** What commands of the row's menus get. */
  readonly argument?: object;
  content(): RowContent;
  expansion(): Expansion;
  children(): Row[] | Promise<Row[]>;
}

/** A row without a life of its own: made anew with its parent. */
export function leaf(parent: Row, key: string, content: RowContent, argument?: object): Row {
  return {
    id: `${parent.id}/${key}`,
    parent,
    ...(argument ? { argument } : {}),
    content: () => content,
    expansion: () => 'none',
    children: () => [],
  };
}

/** A row that holds ready-made rows. */
export function branch(
  parent: Row,
  key: string,
  content: RowContent,
  children: (self: Row) => Row[],
  expansion: Expansion = 'collapsed',
  argument?: object,
): Row {
  const row: Row = {
    id: `${parent.id}/${key}`,
    parent,
    ...(argument ? { argument } : {}),
    content: () => content,
    expansion: () => expansion,
    children: () => children(row),
  };
  return row;
}
