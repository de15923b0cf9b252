import type { Row } from '../../extension/views/row.ts';
import type { RowProvider } from '../../extension/views/rowProvider.ts';

/**
 * Draws a tree as a user would see it with everything opened that is opened by default, one row per line:
 * `- <icon> label | description`. `open` opens further rows by their label.
 */
export async function renderTree(
  provider: RowProvider,
  open: (label: string) => boolean = () => false,
): Promise<string> {
  const lines: string[] = [];
  const draw = async (row: Row, depth: number): Promise<void> => {
    const item = provider.getTreeItem(row);
    const icon = item.iconPath as { id: string } | undefined;
    const description = typeof item.description === 'string' ? ` | ${item.description}` : '';
    lines.push(`${'  '.repeat(depth)}${icon ? `<${icon.id}> ` : ''}${item.label as string}${description}`);
    const state = Number(item.collapsibleState);
    const expanded = state === 2 || (state === 1 && open(item.label as string));
    if (!expanded) return;
    for (const child of (await provider.getChildren(row)) ?? []) await draw(child, depth + 1);
  };
  for (const row of (await provider.getChildren()) ?? []) await draw(row, 0);
  return lines.join('\n');
}
