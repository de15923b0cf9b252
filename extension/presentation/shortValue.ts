/** Colours of terminals, and characters that would act instead of being seen. */
const unseen =
  /\u001B\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

const opening = /[[{(]$/;
const brackets: Record<string, string> = { '{': '}', '[': ']', '(': ')' };

/**
 * A printed value in one short line. What was broken into lines because of its size is joined, other text is told by
 * its first line; what is too long is cut where something ends, and a bracket that opens it is closed.
 */
export function shortValue(text: string, length = 80): string {
  const lines = text
    .slice(0, 20 * length)
    .replace(unseen, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
  const first = lines[0] ?? '';
  const structured = opening.test(first) || /^[[{]/.test(first);
  if (structured) return cutAt(lines.join(' '), length);
  if (lines.length <= 1 && text.length <= 20 * length) return cutAt(first, length);
  // Two signs for what follows.
  return `${cutAt(first, length - 2)
    .replace(/…$/, '')
    .trimEnd()} …`;
}

function cutAt(text: string, length: number): string {
  if (text.length <= length) return text;
  const bracket = /^(?:[\w$.]+(?:\(\d+\))? )?([[{(])/.exec(text)?.[1];
  const end = bracket ? ` …${brackets[bracket]}` : '…';
  const room = text.slice(0, length - end.length);
  // Not far from the end, so that one long word does not leave nothing.
  const places = [room.lastIndexOf(', ') + 1, room.lastIndexOf(' ')];
  const place = Math.max(...places.filter((index) => index > room.length * 0.6), 0);
  const kept = place > 0 ? room.slice(0, place) : room.replace(/[\uD800-\uDBFF]$/, '');
  return `${kept.trimEnd()}${end}`;
}
