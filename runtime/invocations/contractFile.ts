import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Platform } from '../model/platform.ts';
import { shownRuntime } from '../model/usualRuntimes.ts';
import { distFile } from '../support/installRoot.ts';

/** Absolute path of the code that calls a function's handler as its platform does. */
export function contractFile(platform: Platform, { name, language }: FunctionDefinition): string {
  const contract = platform.contracts[language];
  if (contract === undefined) {
    throw new PorchlightError('LANGUAGE_NOT_OFFERED', {
      function: name,
      platform: platform.displayName,
      language,
    });
  }
  return distFile(`contracts/${contract}`);
}

/** What the contract knows for the life of an instance, whose interpreter has this version. */
export function lifetimeContext(
  platform: Platform,
  definition: FunctionDefinition,
  version: string,
): Record<string, unknown> {
  const offers = platform.offers[definition.language];
  // The runtime that its variables name, too: handler rules differ by version.
  return { ...platform.context(definition), runtime: shownRuntime(definition, { version, offers }) };
}
