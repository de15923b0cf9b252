'use strict';

// Module scope runs once per process: what is kept here lives as long as the process does.
let startedAt;
let calls = 0;

/** Function Compute calls this once in every new process, before the first event. */
exports.initialize = async () => {
  startedAt = new Date();
  console.log('ready, process', process.pid);
};

/**
 * Function Compute hands every event over as a Buffer: a plain invocation its body, an HTTP trigger a JSON text that
 * describes the request.
 */
exports.handler = async (event, context) => {
  calls += 1;
  const request = parse(event);
  const name = request?.queryParameters?.name ?? request?.name ?? 'world';
  console.log(`call ${calls} of this process, greeting ${name}`);

  const answer = {
    message: `${process.env.GREETING}, ${name}!`,
    call: calls,
    processStartedAt: startedAt,
    requestId: context.requestId,
  };
  if (!request?.requestContext) return answer;
  return { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: answer };
};

function parse(event) {
  const text = event.toString();
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // An event that is no JSON is a name.
    return { name: text.trim() };
  }
}
