/*
 * A web page in the user's browser must reach neither the control socket nor the invoke addresses. Names that resolve
 * to loopback but are not loopback names (DNS rebinding) are refused by their `Host` header.
 */

/** Whether a `Host` header names this machine by a loopback name. */
export function isLoopbackHost(header: string | undefined): boolean {
  if (header === undefined) return false;
  const name = header.replace(/:\d+$/, '').toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(name)
  );
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
