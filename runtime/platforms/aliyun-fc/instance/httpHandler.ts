import type * as Stream from 'node:stream';
import { webResult } from '../../../model/webMessage.ts';
import type { HandlerCall } from '../../../protocol/instance/contract.ts';
import { requestIn, requestOf } from './request.ts';
import { Response, type Sent } from './response.ts';

/** Calls `(req, resp, context)`: what `resp.send` gets is the answer. What the handler returns counts for nothing. */
export function startRequest(
  handler: (...args: never[]) => unknown,
  call: HandlerCall,
  context: object,
): void {
  const { web, byHand } = requestIn(call.event);
  const response = new Response((sent) => answer(call, sent, byHand));
  call.run(
    () => (handler as (...args: unknown[]) => unknown)(requestOf(web), response, context),
    () => undefined,
  );
}

function answer(call: HandlerCall, { status, headers, body }: Sent, byHand: boolean): void {
  if (!Buffer.isBuffer(body)) return passOn(call, { status, headers, body });
  if (status < 200 || status > 999) {
    return call.fail(new RangeError(`${status} is no status that can be answered: 200 to 999 are.`), false);
  }
  call.succeed(byHand ? body : Buffer.from(webResult({ status, headers, body })));
}

function passOn(call: HandlerCall, { status, headers, body }: Sent & { body: Stream.Readable }): void {
  const out = call.stream({ web: { status, headers } });
  body.on('data', (chunk: Buffer | string) => {
    body.pause();
    out.write(typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk, () => void body.resume());
  });
  body.once('end', () => call.succeed(Buffer.alloc(0)));
  body.once('error', (error) => call.fail(error, false));
  body.once('close', () => {
    if (!body.readableEnded)
      call.fail(new Error('The stream of the answer was closed before its end.'), false);
  });
}
