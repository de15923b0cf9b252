'use strict';

// Lives as long as the instance: a warm call finds it as the call before left it.
let calls = 0;

/** Function Compute hands every event over as bytes. An HTTP trigger sends a JSON text that describes the request. */
exports.handler = async (event, context) => {
  calls += 1;
  const given = JSON.parse(event.toString() || '{}');
  const name = given.queryParameters?.name ?? given.name ?? 'world';
  console.log('greeting', name, { calls, requestId: context.requestId });
  const greeting = { message: `Hello, ${name}!`, calls };
  if (!given.requestContext) return greeting;
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(greeting),
  };
};
