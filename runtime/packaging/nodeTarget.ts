/** A Node version as numbers, as far as it is stated: `20`, `20.19` or `20.19.1`. */
function parts(version: string): number[] {
  return version.split('.').map(Number);
}

function isOlder(a: string, b: string): boolean {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) {
    // What is not stated is the newest there is: `20` is no older than `20.19`.
    const difference = (left[i] ?? Infinity) - (right[i] ?? Infinity);
    if (difference !== 0 && !Number.isNaN(difference)) return difference < 0;
  }
  return false;
}

/**
 * esbuild's targets for code that runs on a Node of some version: what the project file states as well, but nothing newer
 * than that Node. esbuild heeds only the last target of a name, so there is one for Node, the older.
 */
export function nodeTargets(stated: string | undefined, runsOn: string): string[] {
  const targets = (stated ?? '').split(',').flatMap((target) => target.trim() || []);
  const node = targets.find((target) => /^node\d/.test(target))?.slice('node'.length);
  const others = targets.filter((target) => !/^node\d/.test(target));
  return [...others, `node${node !== undefined && isOlder(node, runsOn) ? node : runsOn}`];
}

/** Whether `require` of a Node loads ES modules, which came with 20.19 and 22.12. */
export function canRequireModules(runsOn: string): boolean {
  const [major = 0] = parts(runsOn);
  return !isOlder(runsOn, '20.19.0') && major !== 21 && !(major === 22 && isOlder(runsOn, '22.12.0'));
}
