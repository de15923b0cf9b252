import type { OtherTrigger } from '../functionDefinition.ts';
import type { ProblemList } from './problemList.ts';
import type { TextRange } from './projectFile.ts';
import { entriesOf, toPlain, unresolvedIn, type Tree } from './tree.ts';

/**
 * A trigger as its source reads it: what the file says as plain data, and where each value stands. `type` is the file's
 * own word for what it is; values that are known in the cloud alone are left out and named by their expression.
 */
export function otherTrigger(
  kind: OtherTrigger['kind'],
  name: string,
  { type, config, at }: { type?: string; config: Tree | undefined; at: TextRange },
  problems: ProblemList,
): OtherTrigger {
  const plain = entriesOf(config).length > 0 ? (toPlain(config) as Record<string, unknown>) : {};
  const configAt: NonNullable<OtherTrigger['configAt']> = {};
  const unresolved = unresolvedIn(config);
  for (const [key, value] of entriesOf(config)) configAt[key] = problems.positionOf(value.range.start);
  return {
    kind,
    name,
    config: { ...(type !== undefined && { type }), ...plain },
    at: problems.positionOf(at.start),
    ...(Object.keys(configAt).length > 0 && { configAt }),
    ...(Object.keys(unresolved).length > 0 && { unresolved }),
  };
}
