interface Context {
  requestId: string;
}

/** What an HTTP trigger sends, and what callers of this function may send. */
interface Given {
  name?: string;
  queryParameters?: Record<string, string>;
  requestContext?: object;
}

interface Greeting {
  message: string;
  calls: number;
}

interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

// Lives as long as the instance: a warm call finds it as the call before left it.
let calls = 0;

/** Function Compute hands every event over as bytes. An HTTP trigger sends a JSON text that describes the request. */
export const handler = async (event: Uint8Array, context: Context): Promise<Greeting | HttpAnswer> => {
  calls += 1;
  const given = JSON.parse(new TextDecoder().decode(event) || '{}') as Given;
  const name = given.queryParameters?.name ?? given.name ?? 'world';
  console.log('greeting', name, { calls, requestId: context.requestId });
  const greeting: Greeting = { message: `Hello, ${name}!`, calls };
  if (!given.requestContext) return greeting;
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(greeting),
  };
};
