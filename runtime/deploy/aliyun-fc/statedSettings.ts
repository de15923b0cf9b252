/* Comparing what is stated with what the cloud has: it adds settings, spells keys its own way, and orders lists anew. */

type Settings = Record<string, unknown>;

/** Whether what is there has all that is stated. */
export function covers(stated: unknown, there: unknown): boolean {
  if (isNothing(stated)) return isNothing(there);
  const [wanted, found] = [parsed(stated), parsed(there)];
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || wanted.length !== found.length) return false;
    const [left, right] = [ordered(wanted), ordered(found)];
    return left.every((item, index) => covers(item, right[index]));
  }
  if (isSettings(wanted))
    return isSettings(found) && Object.keys(wanted).every((key) => covers(wanted[key], valueOf(found, key)));
  return !isSettings(found) && !Array.isArray(found) && String(wanted) === String(found ?? '');
}

/** Of what is there, that of which something is stated. */
export function likeStated(there: unknown, stated: unknown): unknown {
  const [found, wanted] = [parsed(there), parsed(stated)];
  if (!isSettings(found) || !isSettings(wanted)) return there;
  return Object.fromEntries(
    Object.keys(wanted).flatMap((key) => {
      const value = valueOf(found, key);
      return value === undefined ? [] : [[key, likeStated(value, wanted[key])]];
    }),
  );
}

const secret = /password|secret|credential|^jwks$/i;

/** Settings as text for a plan, always in the same order; what nobody else may know is left out. */
export function settingsText(value: unknown): string {
  return JSON.stringify(shown(value)) ?? '';
}

function shown(value: unknown): unknown {
  const given = parsed(value);
  if (Array.isArray(given)) return ordered(given).map(shown);
  if (!isSettings(given)) return given;
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, inner]) => !isNothing(inner))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, secret.test(key) ? '***' : shown(inner)]),
  );
}

/** Lists of words are sets there: methods, events, domains, headers. */
function ordered(list: unknown[]): unknown[] {
  return list.every((item) => typeof item === 'string') ? [...list].sort() : list;
}

/** Some settings are JSON in a text, on one side or both. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** Keys that begin with a small letter in one document of the cloud begin with a capital one in another. */
function valueOf(settings: Settings, key: string): unknown {
  if (Object.hasOwn(settings, key)) return settings[key];
  const other = Object.keys(settings).find((one) => one.toLowerCase() === key.toLowerCase());
  return other === undefined ? undefined : settings[other];
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the cloud tells as one or another of these, or not at all. */
function isNothing(value: unknown): boolean {
  const given = parsed(value);
  if (given === undefined || given === null || given === '' || given === false) return true;
  return Array.isArray(given)
    ? given.length === 0
    : isSettings(given) && Object.values(given).every(isNothing);
}
