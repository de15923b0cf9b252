import type { FaultyProxy } from '../faultyProxy.ts';

/** Has AWS refuse an action until the answer is called. */
export function refuseAction(proxy: FaultyProxy, action: string): () => void {
  const inner = proxy.inspect;
  const message = 'User is not authorized to perform this';
  let on = true;
  proxy.inspect = (request) => {
    const { method, url, headers, body } = request;
    const told = inner(request);
    const form = new URLSearchParams(body.toString('utf8')).get('Action');
    const rest =
      (action === 'GetPolicy' && method === 'GET' && url.includes('/policy')) ||
      (action === 'AddPermission' && method === 'POST' && url.includes('/policy')) ||
      (action === 'PutBucketNotification' && method === 'PUT' && url.includes('?notification')) ||
      (action === 'GetBucketNotification' && method === 'GET' && url.includes('?notification'));
    const isIt = String(headers['x-amz-target']).endsWith(`.${action}`) || form === action || rest;
    if (!on || !isIt || !headers['user-agent']?.includes('aws-sdk-js')) return told;
    if (form !== null) {
      const error = `<Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>${message}</Message></Error>`;
      return { status: 403, body: `<ErrorResponse>${error}</ErrorResponse>` };
    }
    return url.includes('notification')
      ? { status: 403, body: `<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>` }
      : { status: 403, body: { __type: 'AccessDeniedException', message } };
  };
  return () => (on = false);
}
