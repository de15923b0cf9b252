/*
 * A web page in the user's browser must reach neither the control socket nor the invoke addresses. Names that resolve
 * to loopback but are not loopback names (DNS rebinding) are refused by their `Host` header.
 */

/** The header that was found good last: nearly all requests of a host have the same. */
let lastGood = '';

/** Whether a `Host` header names this machine by a loopback name. */
export function isLoopbackHost(header: string | undefined): boolean {
  if (header === undefined) return false;
  if (header === lastGood) return true;
  const name = header.replace(/:\d+$/, '').toLowerCase();
  const good =
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(name);
  if (good) lastGood = header;
  return good;
}

/** Whether a request comes from a page of another origin. Programs that are no browsers send no origin. */
export function isForeignOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return false;
  try {
    return new URL(origin).host !== host;
  } catch {
    // `null` and other opaque origins.
    return true;
  }
}
