/** A generator of numbers from 0 to 1 that gives the same ones for a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pieces = [
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ': ',
  ':',
  '- ',
  '#',
  '\n',
  '\n  ',
  '\t',
  '&a ',
  '*a',
  '!Ref ',
  '|',
  '>',
  '${',
  '}',
  '<<: *a',
  '---\n',
  '\r\n',
  '\u0000',
  '%',
  '？',
  '\uD83D',
  '@',
  ', ',
  '0',
  '-1',
  '1e999',
  '~',
  '? ',
];

/** A text with a few parts of it removed, doubled, moved, or replaced by what means something in YAML. */
export function mutate(text: string, random: () => number, most = 6): string {
  let mutated = text;
  const times = 1 + Math.floor(random() * most);
  for (let i = 0; i < times; i++) mutated = mutateOnce(mutated, random);
  return mutated;
}

function mutateOnce(text: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1));
  const length = Math.floor(random() * 40);
  const kind = Math.floor(random() * 6);
  const part = text.slice(at, at + length);
  if (kind === 0) return text.slice(0, at) + text.slice(at + length);
  if (kind === 1) return text.slice(0, at) + part + text.slice(at);
  if (kind === 2) return text.slice(0, at);
  if (kind === 3) {
    const lines = text.split('\n');
    const from = Math.floor(random() * lines.length);
    const [line = ''] = lines.splice(from, 1);
    lines.splice(
      Math.floor(random() * (lines.length + 1)),
      0,
      `${' '.repeat(Math.floor(random() * 5))}${line}`,
    );
    return lines.join('\n');
  }
  const piece = pieces[Math.floor(random() * pieces.length)]!;
  return text.slice(0, at) + piece + text.slice(kind === 4 ? at : at + 1);
}
