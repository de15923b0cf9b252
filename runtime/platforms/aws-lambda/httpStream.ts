import type { HttpTrigger } from '../../model/functionDefinition.ts';
import { asItComes, type AnswerPart, type StreamForm, type StreamStart } from '../../model/resultStream.ts';
import { isWeb } from '../web.ts';
import { isWebStream, preludeHead, readPrelude } from './httpPrelude.ts';

/** Bytes in which the status and headers of a streamed answer have to end; ours, the cloud states none. */
const preludeBytes = 256 * 1024;

/**
 * How a function URL with `InvokeMode: RESPONSE_STREAM` passes a result on (developer guide "Response streaming"). Other
 * triggers give it in one piece; so do those of programs whose project file says so.
 */
export function httpStream(
  start: StreamStart,
  trigger: HttpTrigger,
  { requestId }: { requestId: string },
): StreamForm | undefined {
  const id: [string, string] = ['x-amzn-RequestId', requestId];
  const { web, contentType = 'application/octet-stream' } = start;
  if (isWeb(trigger)) {
    if (!web || trigger.streams === false) return undefined;
    return asItComes({ status: web.status, headers: [...web.headers, id] }, true);
  }
  if (trigger.streams !== true) return undefined;
  if (isWebStream(start)) return withPrelude(id);
  return asItComes({ status: 200, headers: [['Content-Type', contentType], id] });
}

/** The stream begins with its status and headers. */
function withPrelude(id: [string, string]): StreamForm {
  let before: Uint8Array | undefined = new Uint8Array();
  let broken = false;
  return {
    begin: () => ({}),
    take(bytes): AnswerPart {
      if (broken) return {};
      if (before === undefined) return { body: bytes };
      const all = Buffer.concat([before, bytes]);
      const read = readPrelude(all);
      const head = read && preludeHead(read.prelude);
      if (head && read) {
        before = undefined;
        return { head: { ...head, headers: [...head.headers, id] }, body: read.body };
      }
      broken = read !== undefined || all.byteLength > preludeBytes;
      before = all;
      return {};
    },
    // Without a head it is no answer, which is told as any other malformed one is.
    end: ({ kind }) => (kind === 'result' && before === undefined ? {} : undefined),
  };
}
