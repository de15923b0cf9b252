'use strict';

// Lives as long as the instance: a warm call finds it as the call before left it.
let calls = 0;

/** Called for every request; `event.body` is parsed. */
module.exports = async (event, context) => {
  calls += 1;
  const name = event.query?.name ?? event.body?.name ?? 'world';
  console.log('greeting', name, { calls });
  return context
    .status(200)
    .headers({ 'Content-Type': 'application/json' })
    .succeed({ message: `Hello, ${name}!`, calls });
};
