import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver/node';
import { entriesOf, textOf, type Tree } from '../../../../runtime/model/projectFiles/tree.ts';
import type { Path } from './cursor.ts';
import { functionAt, shapeAt } from './places.ts';
import { rangeIn, type ProjectDocument } from './projectDocument.ts';

/** Levels below a function that an outline shows. */
const deepest = 6;
const mostSymbols = 5000;

/** The outline of a project file: its sections, functions, and what these have. */
export function symbolsOf(project: ProjectDocument): DocumentSymbol[] {
  const { view, file } = project;
  let left = mostSymbols;
  const visit = (tree: Tree, path: Path): DocumentSymbol[] => {
    if (path.length >= deepest) return [];
    if (tree.kind === 'list')
      return tree.items.flatMap((item, i) => (item.kind === 'map' ? itemSymbol(item, [...path, i]) : []));
    return entriesOf(tree).flatMap(([name, value, key]): DocumentSymbol[] => {
      if (left-- <= 0 || name === '') return [];
      const at = [...path, name];
      const text = textOf(value);
      const range = { start: key.start, end: Math.max(key.end, value.range.end) };
      return [
        {
          name,
          ...(text !== undefined && { detail: text.slice(0, 80) }),
          kind: kindOf(at, value),
          range: rangeIn(project, range),
          selectionRange: rangeIn(project, key),
          children: visit(value, at),
        },
      ];
    });
  };
  const itemSymbol = (item: Tree, path: Path): DocumentSymbol[] => {
    if (left-- <= 0) return [];
    const entries = entriesOf(item);
    const named = entries.find(([name]) => /name$/i.test(name)) ?? entries[0];
    if (!named) return [];
    const [name, value, key] = named;
    const selectionRange = rangeIn(project, textOf(value) === undefined ? key : value.range);
    return [
      {
        name: (textOf(value) ?? name) || name,
        kind: SymbolKind.Event,
        range: rangeIn(project, item.range),
        selectionRange,
        children: visit(item, path),
      },
    ].filter(({ range, selectionRange: own }) => contains(range, own));
  };
  const kindOf = (path: Path, value: Tree): SymbolKind => {
    const fn = functionAt(file, view.root, path);
    if (fn && fn.entry.length === path.length && path.length > 0) return SymbolKind.Function;
    if (shapeAt(file, view.root, path.slice(0, -1))?.topic === 'environment') return SymbolKind.Variable;
    return value.kind === 'map'
      ? SymbolKind.Module
      : value.kind === 'list'
        ? SymbolKind.Array
        : SymbolKind.Property;
  };
  return visit(view.root, []).filter(({ range, selectionRange }) => contains(range, selectionRange));
}

type Range = DocumentSymbol['range'];

function contains(outer: Range, inner: Range): boolean {
  const before = (a: Range['start'], b: Range['start']): boolean =>
    a.line < b.line || (a.line === b.line && a.character <= b.character);
  return before(outer.start, inner.start) && before(inner.end, outer.end);
}
