import { join } from 'node:path';
import { defaultProcess, type FunctionDefinition } from '../../runtime/model/functionDefinition.ts';

/** A complete definition for tests; `changes` say what matters to one. */
export function functionDefinition(
  root: string,
  changes: Partial<FunctionDefinition> = {},
): FunctionDefinition {
  return {
    name: 'hello',
    platform: 'aws-lambda',
    language: 'nodejs',
    handler: 'index.handler',
    codeRoot: root,
    process: defaultProcess,
    memoryMB: 128,
    timeoutMs: 3000,
    env: {},
    triggers: [],
    region: 'us-east-1',
    accountId: '123456789012',
    declaredAt: { file: join(root, 'template.yaml'), line: 1, column: 1 },
    ...changes,
  };
}
