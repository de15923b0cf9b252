/*
 * Which versions an alias has pointed to, kept in its description: a version that was published by a deploy that was
 * killed, and has never answered anybody, is nothing to roll back to.
 */

const mark = /\s*\[served ([\w .-]*)\]$/;
/** Of the latest ones; both clouds take 256 characters. */
const mostVersions = 20;
const mostCharacters = 256;

/** The versions that served, oldest first; undefined where nobody wrote them down. */
export function servedIn(description: string | undefined): string[] | undefined {
  return mark
    .exec(description ?? '')?.[1]
    ?.split(' ')
    .filter(Boolean);
}

/** A description in which a version serves from now on; `before`: versions known to have served where it says nothing. */
export function withServed(description: string | undefined, version: string, before: string[] = []): string {
  const served = (servedIn(description) ?? before).filter((known) => known !== version);
  const text = (description ?? '').replace(mark, '');
  for (let kept = mostVersions; kept > 0; kept--) {
    const made = `${text} [served ${[...served, version].slice(-kept).join(' ')}]`.trim();
    if (made.length <= mostCharacters) return made;
  }
  return text;
}
