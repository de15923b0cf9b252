import {
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
  InsertTextMode,
  type CompletionItem,
  type CompletionList,
  type Range,
} from 'vscode-languageserver/node';
import type { PlatformId } from '../../../../runtime/model/words.ts';
import { cursorAt, type Cursor } from './cursor.ts';
import { describeShape } from './describe.ts';
import { functionAt, shapeAlong } from './places.ts';
import { rangeIn, type ProjectDocument } from './projectDocument.ts';
import { type Shape, textOfShape } from './shape.ts';
import { olderKeys } from './shapes/func.ts';
import { choicesFor, type Around, type Choice } from './valueChoices.ts';

/** What can be written at an offset of a project file. */
export function completeAt(project: ProjectDocument, offset: number, around: Around): CompletionList {
  const { file, view } = project;
  const cursor = cursorAt(view, offset);
  const shape = cursor && shapeAlong(file.shape(view.root), cursor.path, (depth) => cursor.maps[depth]);
  if (!cursor || !shape) return { isIncomplete: false, items: [] };
  const platform = file.platform(view.root, cursor.path);
  const range = rangeIn(project, cursor.range);
  const facts: Facts = { project, cursor, shape, platform, range, around };
  const keys = cursor.role === 'key' ? keyItems(facts) : [];
  const choices =
    cursor.role === 'value' || cursor.orValue ? valueItems(facts) : { isIncomplete: false, items: [] };
  return { isIncomplete: choices.isIncomplete, items: [...keys, ...choices.items] };
}

interface Facts {
  project: ProjectDocument;
  cursor: Cursor;
  shape: Shape;
  platform: PlatformId | undefined;
  range: Range;
  around: Around;
}

/** Keys of a map that are not there yet, in the order of their shape, and names that other files and code give. */
function keyItems(facts: Facts): CompletionItem[] {
  const { shape, cursor, around, project, platform } = facts;
  const beside = cursor.maps.at(-1);
  const taken = new Set(beside?.kind === 'map' ? beside.entries.keys() : []);
  const older = project.file.id === 'func' && cursor.path.length === 0 ? olderKeys : [];
  const keys = Object.entries(shape.keys ?? {}).filter(([name]) => !taken.has(name) && !older.includes(name));
  const items = keys.map(([name, inner], i) => keyItem(name, inner, i, facts));
  const names =
    shape.names && !shape.keys
      ? around.names(project, cursor.path, shape, platform).filter((name) => !taken.has(name))
      : [];
  items.push(...names.map((name, i) => keyItem(name, shape.names!, i, facts)));
  if (shape.names?.snippet && !shape.keys && cursor.typed === '' && !cursor.flow)
    items.push(newEntry(shape.names, facts));
  return items;
}

function keyItem(name: string, shape: Shape, index: number, facts: Facts): CompletionItem {
  const { cursor, range, platform, around } = facts;
  const documentation = describeShape(shape, platform, around.today);
  const behind = cursor.hasColon ? '' : `:${behindKey(shape, cursor)}`;
  const suggests =
    behind === ': ' &&
    (shape.values !== undefined || ['handler', 'runtime', 'memory', 'path'].includes(shape.topic ?? ''));
  return {
    label: name,
    kind: shape.keys || shape.names || shape.items ? CompletionItemKind.Module : CompletionItemKind.Property,
    sortText: String(index).padStart(4, '0'),
    filterText: name,
    ...(documentation && { documentation: { kind: 'markdown', value: documentation } }),
    insertTextFormat: InsertTextFormat.Snippet,
    insertTextMode: InsertTextMode.adjustIndentation,
    textEdit: { range, newText: escaped(name) + indented(behind, facts) },
    ...(suggests && around.suggest !== undefined && { command: { title: '', command: around.suggest } }),
  };
}

/** What follows a key: its snippet, or the beginning of what it holds. */
function behindKey(shape: Shape, { flow }: Cursor): string {
  if (flow) return ' ';
  if (shape.snippet !== undefined) return shape.snippet;
  if (shape.items && !shape.keys) return '\n  - ';
  return (shape.keys && !shape.values) || shape.names || shape.choose ? '\n  ' : ' ';
}

function newEntry(shape: Shape, facts: Facts): CompletionItem {
  const documentation = describeShape(shape, facts.platform, facts.around.today);
  return {
    label: 'name',
    detail: textOfShape(shape.about ?? ''),
    kind: CompletionItemKind.Snippet,
    sortText: '9999',
    ...(documentation && { documentation: { kind: 'markdown', value: documentation } }),
    insertTextFormat: InsertTextFormat.Snippet,
    insertTextMode: InsertTextMode.adjustIndentation,
    textEdit: { range: facts.range, newText: indented(`\${9:name}:${shape.snippet!}`, facts) },
  };
}

/** Editors indent further lines as the first one; a key behind dashes stands further in. */
function indented(text: string, { project, cursor, range }: Facts): string {
  const line = project.view.text.slice(cursor.range.start - range.start.character, cursor.range.start);
  const further = range.start.character - (line.length - line.trimStart().length);
  return line.trim() === '' ? text : text.replace(/\n/g, `\n${' '.repeat(Math.max(0, further))}`);
}

function valueItems(facts: Facts): CompletionList {
  const { shape, cursor, project, range, around, platform } = facts;
  const fn = functionAt(project.file, project.view.root, cursor.path);
  const { choices, complete } = choicesFor(shape, { project, cursor, platform, fn, around });
  const items = choices.map((choice, i): CompletionItem => ({
    label: choice.value,
    kind: choice.kind ?? CompletionItemKind.EnumMember,
    sortText: `${choice.ended ? 'z' : 'a'}${String(i).padStart(4, '0')}`,
    ...(choice.about && { documentation: { kind: 'markdown', value: choice.about } }),
    ...(choice.detail && { detail: choice.detail }),
    ...(choice.ended && { tags: [CompletionItemTag.Deprecated] }),
    insertTextFormat: InsertTextFormat.PlainText,
    filterText: choice.value,
    textEdit: { range, newText: written(choice, cursor) },
  }));
  return { isIncomplete: !complete, items };
}

/** A value in quotes where it needs some. */
function written({ value }: Choice, { quoted, tag }: Cursor): string {
  if (quoted || tag !== undefined) return value;
  return /^[\s@`%*&!|>'"{[]|: |\s#|:$/.test(value) ? `"${value}"` : value;
}

function escaped(name: string): string {
  return name.replace(/[$}\\]/g, '\\$&');
}
