import { join } from 'node:path';
import type { PreflightFinding } from '../model/deploy.ts';
import { told } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { diskLookup } from '../support/fileLookup.ts';
import { createArchive, type Archive } from './archive.ts';
import { collectSources, sourceStart } from './archiveSources.ts';
import type { HandlerTargets } from './handlerTargets.ts';

const folders = /^(node_modules|\.phpunit\.cache|\.php-cs-fixer\.cache)$/;
const files = /^(\.phpunit\.result\.cache|\.php-cs-fixer\.cache|auth\.json)$/;

/** The deploy artifact of a PHP function: its code folder as it is, with the packages Composer put into `vendor`. */
export async function archivePhp(
  { codeRoot }: FunctionDefinition,
  targets: HandlerTargets,
  options: { root: string; signal?: AbortSignal | undefined },
): Promise<Archive> {
  const own = await collectSources(codeRoot, {
    ...options,
    // Composer's `auth.json` holds passwords.
    leaveOut: (path, isFolder) => (isFolder ? folders : files).test(path.split('/').at(-1)!),
  });
  const start = sourceStart(codeRoot, targets, 'script');
  const installed = own.files.some((file) => file.path === 'vendor/autoload.php');
  return createArchive(own.files, start, [...own.findings, ...(installed ? [] : notInstalled(codeRoot))]);
}

/** Packages that `composer.json` asks for, and that nobody has installed. PHP itself and its extensions are none. */
function notInstalled(codeRoot: string): PreflightFinding[] {
  const file = join(codeRoot, 'composer.json');
  const text = diskLookup.readText(file) ?? '';
  const required = /"require"\s*:\s*\{([^}]*)\}/.exec(text);
  if (!required || !/"[^"/]+\/[^"]+"\s*:/.test(required[1]!)) return [];
  const line = text.slice(0, required.index).split('\n').length;
  return [{ severity: 'warning', ...told('COMPOSER_NOT_INSTALLED', { folder: codeRoot }), file, line }];
}
