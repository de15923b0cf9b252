import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { ArchiveStart } from '../../packaging/archive.ts';
import { stated } from '../settings.ts';
import { desiredUrl, urlText } from './functionUrl.ts';
import type { FunctionConfiguration } from './lambdaApi.ts';
import type { AwsSettings } from './settings.ts';

/** What AWS fills in where a deploy says nothing. */
const defaultTemporaryMB = 512;

/** The handler string by which Lambda finds what the archive starts with: its module without ending, and the export. */
export function handlerOf({ entry, exportName }: ArchiveStart): string {
  return `${entry.replace(/\.(js|mjs|cjs|py)$/, '')}.${exportName}`;
}

/** Lambda starts `bootstrap` of a program, whatever its handler is; that is text without blanks all the same. */
export function handlerText(definition: FunctionDefinition, start: ArchiveStart): string {
  if (start.program === undefined) return handlerOf(start);
  return /^\S+$/.test(definition.handler) ? definition.handler : 'bootstrap';
}

/** The fields that a deploy to Lambda sets and compares (see `DeployTarget.settings`). */
export function desiredFields(
  definition: FunctionDefinition,
  start: ArchiveStart | undefined,
  settings: AwsSettings,
): Record<string, string> {
  return stated({
    runtime: definition.runtime,
    handler: start ? handlerText(definition, start) : definition.handler,
    memoryMB: definition.memoryMB,
    timeoutMs: wholeSeconds(definition.timeoutMs) * 1000,
    temporaryMB: definition.temporaryMB ?? defaultTemporaryMB,
    description: definition.description || undefined,
    architecture: settings.architecture,
    layers: settings.layers.length > 0 ? settings.layers.join(', ') : undefined,
    role: settings.role,
    url: urlText(desiredUrl(definition, settings), desiredUrl(definition, settings)),
  });
}

/** The same fields of a function as AWS tells of it; the role only where a deploy would set one. */
export function remoteFields(
  configuration: FunctionConfiguration,
  url: string | undefined,
  settings: AwsSettings,
): Record<string, string> {
  const { Runtime, Handler, MemorySize, Timeout, Description, Architectures, Layers, Role } = configuration;
  return stated({
    runtime: Runtime,
    handler: Handler,
    memoryMB: MemorySize,
    timeoutMs: Timeout === undefined ? undefined : Timeout * 1000,
    temporaryMB: configuration.EphemeralStorage?.Size ?? defaultTemporaryMB,
    description: Description || undefined,
    architecture: Architectures?.[0] ?? 'x86_64',
    layers: Layers?.length ? Layers.map(({ Arn }) => Arn).join(', ') : undefined,
    role: settings.role === undefined ? undefined : Role,
    url,
  });
}

/** Members of `CreateFunction` and `UpdateFunctionConfiguration` that follow from a definition. */
export function configurationOf(
  definition: FunctionDefinition,
  start: ArchiveStart,
  environment: Record<string, string>,
  settings: AwsSettings,
) {
  return {
    // Checked before: without one nothing is sent.
    Runtime: definition.runtime as NonNullable<FunctionConfiguration['Runtime']>,
    Handler: handlerText(definition, start),
    MemorySize: definition.memoryMB,
    Timeout: wholeSeconds(definition.timeoutMs),
    Description: definition.description ?? '',
    EphemeralStorage: { Size: definition.temporaryMB ?? defaultTemporaryMB },
    // Given objects replace the whole: variables that are gone from the project are gone there.
    Environment: { Variables: environment },
    Layers: settings.layers,
    ...(settings.role === undefined ? {} : { Role: settings.role }),
  };
}

/** The C library of a runtime's system, behind `2.`: Amazon Linux 2023 has 2.34, Amazon Linux 2 has 2.26. */
export function glibcOf(runtime: string | undefined): number | undefined {
  if (runtime === 'provided.al2023') return 34;
  return runtime === 'provided.al2' ? 26 : undefined;
}

/** Lambda counts whole seconds. */
function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
