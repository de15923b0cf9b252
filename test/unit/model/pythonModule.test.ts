import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pythonHandlers, pythonNames } from '../../../runtime/model/pythonModule.ts';

const text = `from shared import one as first, other
from here import (
    several,
)
NAME: str = "x"
limit = 3
if limit == 3:
    inner = 1

class Service:
    def handler(self, event): ...

@decorated
def handler(event, context=None):
    return {"a": 1}

async def lambda_handler(event: dict, *, context): ...
def main(): ...
def takes_all(*args): ...
`;

test('names at the top of a module are found with their place', () => {
  const names = pythonNames(text);
  assert.deepEqual(
    names.map(({ name }) => name),
    [
      'first',
      'other',
      'several',
      'NAME',
      'limit',
      'Service',
      'handler',
      'lambda_handler',
      'main',
      'takes_all',
    ],
  );
  for (const { name, start, end } of names) assert.equal(text.slice(start, end), name);
});

test('a handler takes an event and a context', () => {
  assert.deepEqual(pythonHandlers(text), ['handler', 'takes_all']);
});
