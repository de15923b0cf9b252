import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../../scripts/setup.mjs';

/** A text in the code that is translated, and where it stands. */
export interface LocalizedText {
  text: string;
  at: string;
}

/** Functions whose first argument is a text for people. */
const translating = /^(?:(?:\w+\.)?l10n\.t|phrase)$/;

/** Parts of shapes of project files: what `about`, `unit` and a form say is shown by hovers and completion. */
const shapes = join('extension', 'language', 'server', 'projectFiles', 'shapes');
const building = /^(?:map|oneOf|number|value|yesNo|list|named|schedule|hook|amounts)$/;
/** What such a function passes on: the text is told where it is called. */
const passedOn = /^(?:shape\.)?about\b/;

/** Hints of schemas are texts as well, wherever they are made: valibot keeps plain text. */
const hints = join('runtime', 'model');
const isHint = (text: string): boolean => /^(?:expected|at most) .*\.$/s.test(text);

/** Schemas of project files that shapes are made of: their descriptions are shown as those of shapes. */
const schemas =
  /^runtime\/model\/projectFiles\/(?:\w+[sS]chema|porchlightAsync|anyTarget|targetText|func\/schema|openfaas\/settings)\.ts$/;
const isDescription = (text: string): boolean => /^[A-Z`].*[.…]$/s.test(text);

/**
 * Every text that the code has for people in their language: what is handed to `l10n.t` and `phrase`, what shapes of
 * project files say, and hints of schemas. `unknown` are calls whose text cannot be known, which nobody could translate.
 * A choice between texts counts as all of them.
 */
export function localizedTexts(): { texts: LocalizedText[]; unknown: string[] } {
  const texts: LocalizedText[] = [];
  const unknown: string[] = [];
  for (const path of ['extension', 'runtime'].flatMap(sourcesIn)) {
    const file = ts.createSourceFile(
      path,
      readFileSync(join(root, path), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const place = (node: ts.Node) =>
      `${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    const take = (node: ts.Expression): void => {
      if (ts.isStringLiteralLike(node)) {
        if (node.text !== '') texts.push({ text: node.text, at: place(node) });
      } else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(take);
      else unknown.push(`${place(node)} ${node.getText()}`);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && translating.test(node.expression.getText(file)))
        node.arguments.slice(0, 1).forEach(take);
      else if (path.startsWith(shapes)) shapeTexts(node).forEach(take);
      else if (ts.isStringLiteralLike(node) && saidBySchema(path, node.text)) take(node);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { texts, unknown };
}

function saidBySchema(path: string, text: string): boolean {
  if (path.startsWith(hints) && isHint(text)) return true;
  return schemas.test(path.replaceAll('\\', '/')) && isDescription(text);
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** Texts that one node of a shape holds. */
function shapeTexts(node: ts.Node): ts.Expression[] {
  if (ts.isPropertyAssignment(node) && /^(?:about|text)$/.test(node.name.getText()))
    return [node.initializer];
  if (!ts.isCallExpression(node) || !building.test(node.expression.getText())) return [];
  const [about, values] = node.arguments;
  const pairs = values && ts.isArrayLiteralExpression(values) ? values.elements : [];
  return [
    ...(about && !passedOn.test(about.getText()) ? [about] : []),
    ...pairs.flatMap((pair) => (ts.isArrayLiteralExpression(pair) ? pair.elements.slice(1, 2) : [])),
  ];
}
