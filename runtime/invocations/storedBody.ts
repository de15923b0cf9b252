import { recordLimits, type StoredBody } from '../model/invocationRecord.ts';

/**
 * A body as records keep it: text where it is UTF-8, cut to the bound, its full size kept. `size`: of the whole, when only
 * its beginning is at hand.
 */
export function storeBody(
  body: Uint8Array,
  redact: (text: string) => string,
  {
    limit = recordLimits.bodyBytes,
    size = body.byteLength,
  }: { limit?: number; size?: number | undefined } = {},
): StoredBody {
  const kept = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, limit));
  const truncated = size > kept.byteLength;
  const text = decode(kept, truncated);
  return text === undefined
    ? { encoding: 'base64', data: kept.toString('base64'), size, truncated }
    : { encoding: 'utf8', data: redact(text), size, truncated };
}

/** Strictly decoded, so that binary stays binary; a character cut in half at the bound is dropped. */
function decode(bytes: Buffer, truncated: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: truncated });
  } catch {
    return undefined;
  }
}
