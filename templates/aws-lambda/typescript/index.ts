interface Context {
  awsRequestId: string;
}

/** What an HTTP trigger sends, and what callers of this function may send. */
interface Given {
  name?: string;
  queryStringParameters?: Record<string, string>;
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

/** Lambda hands an event over as an object. An HTTP trigger sends one that describes the request. */
export const handler = async (event: Given, context: Context): Promise<Greeting | HttpAnswer> => {
  calls += 1;
  const name = event.queryStringParameters?.name ?? event.name ?? 'world';
  console.log('greeting', name, { calls, requestId: context.awsRequestId });
  const greeting: Greeting = { message: `Hello, ${name}!`, calls };
  if (!event.requestContext) return greeting;
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(greeting),
  };
};
