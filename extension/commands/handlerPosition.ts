const word = (name: string): string => name.replace(/[^\w$]/g, '\\$&');

/** Where a source text exports a name; its first line when that cannot be told. Lines and columns count from 1. */
export function findExport(text: string, name: string): { line: number; column: number } {
  const exact = word(name);
  const patterns = [
    new RegExp(`\\bexport\\s+(?:async\\s+)?(?:function\\s*\\*?|const|let|var|class)\\s+(${exact})\\b`),
    new RegExp(`\\bexports\\.(${exact})\\s*=`),
    new RegExp(`\\bfunction\\s*\\*?\\s+(${exact})\\b`),
    new RegExp(`\\b(?:const|let|var)\\s+(${exact})\\b`),
    new RegExp(`\\bexport\\s*\\{[^}]*?\\b(${exact})\\b`),
    new RegExp(`\\bmodule\\.exports\\s*=[^;]*?\\b(${exact})\\b`),
    ...(name === 'default' ? [/\b(export\s+default)\b/] : []),
  ];
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const before = text.slice(0, match.index + match[0].lastIndexOf(match[1] ?? ''));
    const lineStart = before.lastIndexOf('\n') + 1;
    return { line: before.split('\n').length, column: before.length - lineStart + 1 };
  }
  return { line: 1, column: 1 };
}
