import { readFileSync } from 'node:fs';
import { distFile } from '../support/installRoot.ts';

/** The product's version, as its package states it. */
export function productVersion(): string {
  const { version } = JSON.parse(readFileSync(distFile('../package.json'), 'utf8')) as { version: string };
  return version;
}
