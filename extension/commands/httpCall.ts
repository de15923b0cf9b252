import { request } from 'node:http';

/** An answer of the gateway, as far as a remark needs it. */
export interface HttpAnswer {
  status: number;
}

export interface HttpCall {
  url: string;
  method: string;
  body?: string;
  signal?: AbortSignal;
}

/**
 * Calls the local gateway and waits for the whole answer. Without a time-out, unlike `fetch`: the function may be stopped
 * at a breakpoint.
 */
export function callHttp({ url, method, body, signal }: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const json = body !== undefined && /^\s*[[{"]/.test(body);
    const call = request(
      url,
      {
        method,
        headers: {
          'user-agent': 'porchlight-editor',
          ...(json ? { 'content-type': 'application/json' } : {}),
        },
        ...(signal ? { signal } : {}),
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve({ status: response.statusCode ?? 0 }));
        response.once('error', reject);
      },
    );
    call.once('error', reject);
    call.end(body);
  });
}
