import { nameRule } from '../../../../runtime/model/functionNames.ts';
import { entriesOf, getIn, textOf, type Tree } from '../../../../runtime/model/projectFiles/tree.ts';
import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import type { FolderState } from '../workspace.ts';
import type { Path } from './cursor.ts';
import type { Renaming, TextChange } from './edits.ts';
import { distinct } from './edits.ts';
import { functionAt, functionsOf, placeAt, type FunctionAt } from './places.ts';
import type { ProjectDocument, ProjectDocuments } from './projectDocument.ts';
import { l10n, translated } from '../../../../runtime/support/l10n.ts';

/** A function's name as it stands at a place. */
export interface FunctionName {
  name: string;
  /** Its key in the file, or the name it is given in the cloud. */
  as: 'key' | 'name';
  range: TextRange;
  fn: FunctionAt;
}

/** A place at which a function is named. */
export interface NamePlace {
  file: string;
  range: TextRange;
}

/** The function whose name stands at an offset: its declaration, or a reference of its file. */
export function functionNameAt(project: ProjectDocument, offset: number): FunctionName | undefined {
  const { view, file } = project;
  const place = placeAt(view.root, offset);
  if (!place) return undefined;
  const fn = functionAt(file, view.root, place.path);
  const depth = fn?.entry.length ?? 0;
  if (fn && depth > 0 && place.on === 'key' && place.path.length === depth)
    return { name: fn.key, as: 'key', range: place.range, fn };
  const name = fn?.place.name && getIn(fn.settings, fn.place.name);
  if (
    fn &&
    place.on === 'value' &&
    name &&
    name.range.start === place.range.start &&
    textOf(name) !== undefined &&
    !textOf(name)!.includes('${')
  )
    return { name: textOf(name)!, as: 'name', range: name.range, fn };
  for (const other of functionsOf(file, view.root)) {
    const range = referencesIn(project, other.key).find(({ start, end }) => offset >= start && offset <= end);
    if (range && other.entry.length > 0) return { name: other.key, as: 'key', range, fn: other };
  }
  return undefined;
}

/** Where a function is named: its declaration, references in its file, and settings of a `porchlight.yaml` that lie over it. */
export function placesOf(
  project: ProjectDocument,
  { name, as, fn }: FunctionName,
  state: FolderState,
  documents: ProjectDocuments,
): NamePlace[] {
  const places: NamePlace[] = [];
  const add = (file: string, range: TextRange | undefined): void =>
    void (range && places.push({ file, range }));
  const key = keyRange(project, fn.entry);
  if (as === 'key') {
    add(project.path, key);
    for (const range of referencesIn(project, name)) add(project.path, range);
  } else add(project.path, fn.place.name ? getIn(fn.settings, fn.place.name)?.range : undefined);
  for (const path of state.files) {
    const other = path === project.path ? undefined : documents.get(path);
    // Their keys name functions of other files, and functions of other files lie over theirs.
    if (!other || (other.file.id !== 'porchlight' && project.file.id !== 'porchlight')) continue;
    for (const each of functionsOf(other.file, other.view.root)) {
      const stated = each.place.name && getIn(each.settings, each.place.name);
      if (each.key === name && each.entry.length > 0) add(path, keyRange(other, each.entry));
      else if (stated && textOf(stated) === name) add(path, stated.range);
    }
  }
  return places;
}

/** Renames a function everywhere it is named. */
export function renameFunctionName(
  project: ProjectDocument,
  found: FunctionName,
  newName: string,
  state: FolderState,
  documents: ProjectDocuments,
): Renaming {
  const refused = objection(project, found, newName);
  if (refused !== undefined) return { refused };
  const changes = placesOf(project, found, state, documents).map((place): TextChange => ({
    ...place,
    text: newName,
  }));
  return { changes: distinct([...changes, ...logicalIds(project, found, newName)]) };
}

function objection(
  { file, view }: ProjectDocument,
  { name, as, fn }: FunctionName,
  newName: string,
): string | undefined {
  if (newName === name) return undefined;
  if (as === 'name') {
    const rule = fn.platform === undefined ? undefined : nameRule(fn.platform);
    return rule && !rule.pattern.test(newName)
      ? l10n.t('{0} takes {1}.', fn.platform ?? '', translated(rule.text))
      : undefined;
  }
  if (file.id === 'sam' && !/^[A-Za-z0-9]{1,255}$/.test(newName))
    return l10n.t('Logical ids have letters and digits alone.');
  if (!/^[A-Za-z_][\w.-]*$/.test(newName)) return l10n.t('A name has letters, digits, ., - and _.');
  const beside = getIn(view.root, ...fn.entry.slice(0, -1));
  return entriesOf(beside).some(([each]) => each === newName)
    ? l10n.t('There is a {0} already.', newName)
    : undefined;
}

function keyRange({ view }: ProjectDocument, entry: Path): TextRange | undefined {
  const parent = getIn(view.root, ...entry.slice(0, -1));
  return parent?.kind === 'map' ? parent.entries.get(String(entry.at(-1)))?.key : undefined;
}

/** References to a key of the same file: CloudFormation's in templates, variables in others. */
function referencesIn({ view, file }: ProjectDocument, key: string): TextRange[] {
  if (file.id === 'sam') return templateReferences(view.root, view.text, key);
  const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const form =
    file.id === 'serverless'
      ? new RegExp(`\\$\\{self:functions\\.(${escaped})(?=[.,}])`, 'g')
      : file.id === 'serverless-devs'
        ? new RegExp(`\\$\\{(?:resources\\.)?(${escaped})(?=\\.(?:output|props)\\b)`, 'g')
        : undefined;
  const found = form ? [...view.text.matchAll(form)].map((match) => at(match, key)) : [];
  if (file.id !== 'serverless-devs') return found;
  return [
    ...found,
    ...scalars(getIn(view.root, 'flow'))
      .filter(({ text }) => text === key)
      .map(({ range }) => range),
  ];
}

function at(match: RegExpExecArray, key: string): TextRange {
  const end = match.index + match[0].length;
  return { start: end - key.length, end };
}

function scalars(tree: Tree | undefined): { text: string; range: TextRange }[] {
  if (tree?.kind === 'list') return tree.items.flatMap(scalars);
  if (tree?.kind === 'map') return entriesOf(tree).flatMap(([, value]) => scalars(value));
  const text = textOf(tree);
  return tree && text !== undefined ? [{ text, range: tree.range }] : [];
}

/** `!Ref`, `!GetAtt`, `!Sub` in both spellings, and `DependsOn`. */
function templateReferences(root: Tree, text: string, id: string): TextRange[] {
  const found: TextRange[] = [];
  const head = ({ start }: TextRange): void => void found.push({ start, end: start + id.length });
  const refer = (tree: Tree, kind: 'ref' | 'attribute' | 'text'): void => {
    if (tree.kind === 'list') {
      if (tree.items[0]) refer(tree.items[0], kind === 'attribute' ? 'ref' : kind);
      return;
    }
    const value = textOf(tree);
    if (value === undefined) return;
    if (kind === 'ref' && value === id) head(tree.range);
    if (kind === 'attribute' && value.startsWith(`${id}.`)) head(tree.range);
    if (kind !== 'text') return;
    const raw = text.slice(tree.range.start, tree.range.end);
    for (const match of raw.matchAll(/\$\{\s*([A-Za-z0-9]+)\s*(?=[.}])/g)) {
      if (match[1] !== id) continue;
      head({ start: tree.range.start + match.index + match[0].indexOf(id), end: 0 });
    }
  };
  const visit = (tree: Tree): void => {
    const { tag } = tree;
    if (tag === '!Ref') refer(tree, 'ref');
    else if (tag === '!GetAtt') refer(tree, 'attribute');
    else if (tag === '!Sub') refer(tree, 'text');
    if (tree.kind === 'list') for (const item of tree.items) visit(item);
    for (const [name, value] of entriesOf(tree)) {
      if (name === 'Ref') refer(value, 'ref');
      else if (name === 'Fn::GetAtt') refer(value, 'attribute');
      else if (name === 'Fn::Sub') refer(value, 'text');
      else if (name === 'DependsOn')
        for (const each of value.kind === 'list' ? value.items : [value]) refer(each, 'ref');
      visit(value);
    }
  };
  visit(root);
  return found;
}

/** The framework makes logical ids of functions' keys, which `resources` may name. */
function logicalIds(
  { path, view, file }: ProjectDocument,
  { name, as }: FunctionName,
  newName: string,
): TextChange[] {
  if (file.id !== 'serverless' || as !== 'key') return [];
  const idOf = (key: string): string => {
    const normal = key.replace(/-/g, 'Dash').replace(/_/g, 'Underscore');
    return `${normal[0]!.toUpperCase()}${normal.slice(1)}LambdaFunction`;
  };
  return [...view.text.matchAll(new RegExp(`\\b${idOf(name)}\\b`, 'g'))].map(({ index }) => ({
    file: path,
    range: { start: index, end: index + idOf(name).length },
    text: idOf(newName),
  }));
}
