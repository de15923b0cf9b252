import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Page } from 'playwright-core';

/** Writes a screenshot and logs of a failed editor run into a folder; returns the paths, for the message. */
export async function keepEvidence(
  folder: string,
  name: string,
  page: Page | undefined,
  logs: Record<string, string>,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const kept: string[] = [];
  for (const [part, text] of Object.entries(logs)) {
    if (!text) continue;
    const path = join(folder, `${name}.${part}.log`);
    writeFileSync(path, text);
    kept.push(path);
  }
  if (page && !page.isClosed()) {
    const path = join(folder, `${name}.png`);
    try {
      await page.screenshot({ path, timeout: 5000 });
      kept.push(path);
    } catch (error) {
      // A crashed page has no picture; the logs are still worth having.
      console.error(
        `No screenshot: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      );
    }
  }
  return kept.map((path) => relative(process.cwd(), path));
}
