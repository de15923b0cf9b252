import type { FunctionDefinition } from '../../model/functionDefinition.ts';

/** Names Knative refuses in a service's configuration, as it sets them itself (Knative runtime contract). */
const reserved = new Set(['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION']);

/** Port on which a service is expected to listen when it names none. */
export const defaultPort = 8080;

/** Variables of a container (Knative runtime contract). A program's own port takes the place of the usual one. */
export function environment({ name }: FunctionDefinition): Record<string, string> {
  return {
    PORT: String(defaultPort),
    K_SERVICE: name,
    K_CONFIGURATION: name,
    K_REVISION: `${name}-00001`,
  };
}

/** Whether a user's variable of this name is left out. */
export function isReservedVariable(name: string): boolean {
  return reserved.has(name);
}
