import { PorchlightError } from '../../model/errors.ts';
import { Invoke } from '../../protocol/control/messages.ts';
import type { DeployedCall, Verification } from '../target.ts';
import { joinServing } from './serveProcess.ts';
import { phrase } from '../../support/l10n.ts';

/** Calls a served function, as any caller of it would; its record is with the serving process. */
export async function invokeServed(
  root: string,
  { name, event }: DeployedCall,
  signal: AbortSignal,
): Promise<Verification> {
  const joined = await joinServing(root);
  if (!joined) throw notServed(name);
  const { connection } = joined;
  try {
    const data = Buffer.from(event).toString('base64');
    const params = { function: name, event: { encoding: 'base64', data } } as const;
    const record = await connection.sendRequest(Invoke, params, { signal });
    const { status, startKind, wallMs, durationMs, billedMs, memoryMB, maxMemoryMB, error, result } = record;
    const bytes = result && Buffer.from(result.data, result.encoding);
    return {
      ...{ answered: true, status, durationMs: wallMs },
      ...(startKind && { startKind }),
      ...(error && { error, message: [error.type, error.message].filter(Boolean).join(': ') }),
      ...(bytes && { body: bytes, ...(status === 'ok' && { result: bytes.toString('utf8') }) }),
      call: {
        requestId: record.id,
        ...(record.instance && { instance: record.instance.id }),
        facts: { durationMs, billedMs, memoryMB, maxMemoryMB },
      },
    };
  } finally {
    connection.dispose();
  }
}

/** What is deployed, but not served. */
export function notServed(name: string): PorchlightError {
  const detail = phrase('nothing serves it. Start it with: porchlight serve start');
  return new PorchlightError('TARGET_OBJECTS', { function: name, detail });
}
