import assert from 'node:assert/strict';
import { it } from 'node:test';
import { verificationText } from '../../../runtime/model/verificationText.ts';

it('tells of a verification with times there and here', () => {
  assert.equal(
    verificationText({
      status: 'ok',
      event: 'happy',
      startKind: 'cold',
      durationMs: 210.4,
      warmMs: 4.2,
      here: { status: 'ok', durationMs: 95, warmMs: 1, sameResult: true },
    }),
    'answered "happy": ok, cold 210 ms (here 95.0 ms), warm 4.20 ms (here 1.00 ms), same result as here',
  );
  assert.equal(verificationText({ status: 'error', durationMs: 12 }), 'answered: error, first 12.0 ms');
  const here = { status: 'ok', durationMs: 3, sameResult: false };
  assert.match(verificationText({ status: 'ok', durationMs: 12, here }), /another result than here$/);
});
