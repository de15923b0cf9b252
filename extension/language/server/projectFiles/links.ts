import { dirname, resolve } from 'node:path';
import type { DocumentLink } from 'vscode-languageserver/node';
import { isInside } from '../../../../runtime/model/handlerModule.ts';
import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import { entriesOf, textOf, type Tree } from '../../../../runtime/model/projectFiles/tree.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import { toUri } from '../paths.ts';
import { below, settle, type Shape } from './shape.ts';
import { rangeIn, type ProjectDocument } from './projectDocument.ts';

const mostLinks = 1000;

/** Settings that name files wherever they stand. */
const fileKeys = /^(DefinitionUri|TemplateURL|Location|ContentUri|events)$/;

/** Links from paths in a project file to the files and folders they name; a folder opens by `reveal`, a client's command. */
export function linksOf(
  project: ProjectDocument,
  root: string,
  files: FileLookup,
  reveal: string | undefined,
): DocumentLink[] {
  const { view, file, path } = project;
  const links: DocumentLink[] = [];
  const add = (text: string, range: TextRange): void => {
    const target = resolve(dirname(path), text);
    if (links.length >= mostLinks || !isInside(root, target) || /[${*]|^[a-z]+:\/\//.test(text)) return;
    const isFile = files.isFile(target);
    if (!isFile && (reveal === undefined || files.list(target).length === 0)) return;
    const uri = toUri(target);
    links.push({
      range: rangeIn(project, range),
      target: isFile ? uri : `command:${reveal}?${encodeURIComponent(JSON.stringify([uri]))}`,
    });
  };
  const visit = (given: Shape | undefined, at: Tree, key: string): void => {
    const shape = given && settle(given, at);
    const text = textOf(at);
    if (text !== undefined && (shape?.topic === 'path' || fileKeys.test(key))) add(text, at.range);
    if (at.kind === 'list') for (const item of at.items) visit(shape?.items, item, key);
    for (const [name, value] of entriesOf(at)) visit(shape && below(shape, name), value, name);
  };
  visit(file.shape(view.root), view.root, '');
  for (const match of view.text.matchAll(/\$\{file\(\s*([^()${}:]+?)\s*\)/g)) {
    const start = match.index + match[0].indexOf(match[1]!);
    add(match[1]!, { start, end: start + match[1]!.length });
  }
  return links;
}
