import type { CodeKind } from '../../model/codeFiles.ts';

/** Lines that declare something: they run when their module is loaded, and with no call. */
const declares: Record<CodeKind['id'], RegExp[]> = {
  javascript: [
    /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b/,
    /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\b/,
    /^\s*import\b(?!\s*\()/,
  ],
  python: [/^\s*(?:async\s+)?def\b/, /^\s*class\b/, /^\s*@/, /^(?:import|from)\b/],
  go: [/^func\b/],
};

/** Others that debuggers pass over: opening lines of blocks, closing brackets. */
const passedOver: Record<CodeKind['id'], RegExp[]> = {
  javascript: [
    /=>\s*\{\s*$/,
    /^(?!\s*\}?\s*(?:if|for|while|switch|catch|with)\b)[\w$#*\s]+\([^()]*\)\s*(?::[^{;]+)?\{\s*$/,
    /^\s*\}?\s*(?:else|try|finally|do)\s*\{?\s*$/,
    /^[\s})\];,]*$/,
  ],
  python: [/^\s*(?:else|try|finally)\s*:/, /^[\s})\],]*$/],
  go: [/^\s*\}?\s*(?:else|default:|case\b.*:)\s*\{?\s*$/],
};

/** Whether a line runs when its module is loaded and with no call; judged by its text. */
export function declaresOnly(line: string, { id }: CodeKind): boolean {
  return declares[id].some((pattern) => pattern.test(line));
}

/**
 * The line nearest to one without code that a debugger stops at; the following one of two that are equally near. Which
 * lines are better passed over is judged by their text, and only as long as there are others.
 */
export function nearestLine(
  line: number,
  lines: ReadonlySet<number>,
  text: string,
  kind: CodeKind,
): number | undefined {
  const texts = text.split(/\r?\n/);
  const patterns = [...declares[kind.id], ...passedOver[kind.id]];
  const good = [...lines].filter((one) => !patterns.some((pattern) => pattern.test(texts[one - 1] ?? '')));
  let nearest: number | undefined;
  for (const candidate of good.length > 0 ? good : lines) {
    const distance = Math.abs(candidate - line);
    const best = nearest === undefined ? Infinity : Math.abs(nearest - line);
    if (distance < best || (distance === best && candidate > line)) nearest = candidate;
  }
  return nearest;
}
