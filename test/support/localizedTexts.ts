import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../../scripts/setup.mjs';

/** A text in the code that is translated, and where it stands. */
export interface LocalizedText {
  text: string;
  at: string;
}

/**
 * Every text that the extension's code hands to `l10n.t`, and calls whose text cannot be known, which nobody could
 * translate. A choice between texts counts as all of them.
 */
export function localizedTexts(): { texts: LocalizedText[]; unknown: string[] } {
  const texts: LocalizedText[] = [];
  const unknown: string[] = [];
  const folder = join(root, 'extension');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const path = join('extension', name);
    const file = ts.createSourceFile(
      path,
      readFileSync(join(root, path), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const place = (node: ts.Node) =>
      `${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    const take = (node: ts.Expression): void => {
      if (ts.isStringLiteralLike(node)) texts.push({ text: node.text, at: place(node) });
      else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(take);
      else unknown.push(`${place(node)} ${node.getText()}`);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && /^(vscode\.)?l10n\.t$/.test(node.expression.getText(file)))
        node.arguments.slice(0, 1).forEach(take);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { texts, unknown };
}
