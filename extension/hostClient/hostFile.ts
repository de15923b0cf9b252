import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../../runtime/support/processTree.ts';

/** How a running host can be reached: what it prints when it is ready, and what it leaves in the project folder. */
export interface HostAddress {
  pid: number;
  /** `http://127.0.0.1:…` */
  gateway: string;
  /** `ws://127.0.0.1:…` */
  control: string;
  /** Secret: never logged. */
  token: string;
}

const maxFileBytes = 16 * 1024;

/** Reads an address out of JSON text; undefined for anything else. Only loopback addresses are accepted. */
export function parseHostAddress(text: string): HostAddress | undefined {
  if (text.length > maxFileBytes) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, gateway, control, token } = value as Record<string, unknown>;
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return undefined;
  if (typeof gateway !== 'string' || typeof control !== 'string' || typeof token !== 'string')
    return undefined;
  const loopback = (url: string, protocol: string) =>
    URL.canParse(url) &&
    new URL(url).protocol === protocol &&
    ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
  if (!loopback(gateway, 'http:') || !loopback(control, 'ws:')) return undefined;
  return { pid, gateway, control, token };
}

/** The host that runs for this folder by its own account; whether it answers is for the caller to find out. */
export async function readHostFile(root: string): Promise<HostAddress | undefined> {
  let text: string;
  try {
    text = await readFile(join(root, '.porchlight', 'host.json'), 'utf8');
  } catch {
    // No host has left its address: the usual case.
    return undefined;
  }
  const address = parseHostAddress(text);
  if (!address || !isAlive(address.pid)) return undefined;
  // A copy of a folder brings a copy of the file along, which leads to the host of the other folder.
  const { root: of } = JSON.parse(text) as { root?: unknown };
  return of === root || of === (await realpath(root)) ? address : undefined;
}
