'use strict';

// Lives as long as the instance: a warm call finds it as the call before left it.
let calls = 0;

/** Called for every request; `body` is parsed, and for CloudEvents it is the event's data. */
const handle = async (context, body) => {
  calls += 1;
  const name = context.query?.name ?? body?.name ?? 'world';
  context.log.info(`greeting ${name}, call ${calls}`);
  return { message: `Hello, ${name}!`, calls };
};

module.exports = { handle };
