/** How a registry wants to be asked (header `WWW-Authenticate`, RFC 9110). */
export interface Challenge {
  /** Lower case: `bearer` or `basic`. */
  scheme: string;
  parameters: Record<string, string>;
}

/** Reads challenges; several may stand in one header. What cannot be read is left out. */
export function readChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  const part = /([!#$%&'*+.^_`|~\w-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;
  for (const [, name, quoted, plain] of header.slice(0, 8192).matchAll(part)) {
    if (quoted === undefined && plain === undefined) {
      challenges.push({ scheme: name!.toLowerCase(), parameters: {} });
    } else {
      const last = challenges.at(-1);
      if (last) last.parameters[name!.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
    }
  }
  return challenges;
}
