'use strict';

// Lives as long as the instance: a warm call finds it as the call before left it.
let calls = 0;

/** Lambda hands an event over as an object. An HTTP trigger sends one that describes the request. */
exports.handler = async (event, context) => {
  calls += 1;
  const name = event.queryStringParameters?.name ?? event.name ?? 'world';
  console.log('greeting', name, { calls, requestId: context.awsRequestId });
  const greeting = { message: `Hello, ${name}!`, calls };
  if (!event.requestContext) return greeting;
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(greeting),
  };
};
