import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestFaults } from '../../support/aws/requestFaults.ts';
import type { ServiceModel } from '../../support/aws/serviceModel.ts';

/** A service as its model would describe it. */
const model: ServiceModel = {
  metadata: { protocol: 'rest-json', apiVersion: '2015-03-31' },
  operations: {
    UpdateThing: {
      name: 'UpdateThing',
      http: { method: 'PUT', requestUri: '/things/{Name}' },
      input: { shape: 'UpdateThingRequest' },
    },
  },
  shapes: {
    UpdateThingRequest: {
      type: 'structure',
      required: ['Name', 'Size'],
      members: {
        Name: { shape: 'Name', location: 'uri', locationName: 'Name' },
        Page: { shape: 'Size', location: 'querystring', locationName: 'Page' },
        Size: { shape: 'Size' },
        Code: { shape: 'Code' },
        Kind: { shape: 'Kind' },
        On: { shape: 'On' },
        Tags: { shape: 'Tags' },
        Names: { shape: 'Names' },
      },
    },
    Name: { type: 'string', pattern: '[a-z]+', max: 5 },
    Size: { type: 'integer', min: 1, max: 10 },
    Code: { type: 'blob', max: 3 },
    Kind: { type: 'string', enum: ['a', 'b'] },
    On: { type: 'boolean' },
    Tags: { type: 'map', key: { shape: 'Name' }, value: { shape: 'Kind' } },
    Names: { type: 'list', member: { shape: 'Name' }, max: 1 },
  },
};
const models = { version: '1', get: (service: string) => (service === 'lambda' ? model : undefined) };
const signed = {
  authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/lambda/aws4_request, Signature=x',
};

function faults(url: string, body: unknown, headers: Record<string, string> = signed): string[] {
  return requestFaults(models, { method: 'PUT', url, headers, body: Buffer.from(JSON.stringify(body)) });
}

describe('requests against a service model', () => {
  it('are fine as the model says', () => {
    const body = { Size: 3, Code: 'UEs=', Kind: 'a', On: false, Tags: { ab: 'b' }, Names: ['c'] };
    assert.deepEqual(faults('/things/abc?Page=2', body), []);
  });

  const wrong: [string, string, unknown, string][] = [
    [
      'a member that there is not',
      '/things/abc',
      { Size: 1, Sice: 1 },
      'UpdateThingRequest: has no member Sice',
    ],
    ['a missing one', '/things/abc', {}, 'UpdateThingRequest: misses Size'],
    ['a number out of bounds', '/things/abc', { Size: 11 }, 'Size: 11, at most 10'],
    ['a number as text', '/things/abc', { Size: '1' }, 'Size: "1" is no whole number'],
    ['a text of another form', '/things/ABC', { Size: 1 }, 'Name: "ABC" is not of the form [a-z]+'],
    ['a text that is too long', '/things/abcdef', { Size: 1 }, 'Name: 6 characters, at most 5'],
    ['a value of no enumeration', '/things/abc', { Size: 1, Kind: 'c' }, 'Kind: "c" is none of its values'],
    ['bytes that are no base64', '/things/abc', { Size: 1, Code: 'P' }, 'Code: is no base64'],
    ['too many bytes', '/things/abc', { Size: 1, Code: 'UEtQSw==' }, 'Code: 4 bytes, at most 3'],
    ['a truth as text', '/things/abc', { Size: 1, On: 'true' }, 'On: "true" is neither true nor false'],
    [
      'a wrong key',
      '/things/abc',
      { Size: 1, Tags: { A: 'a' } },
      'Tags.A (key): "A" is not of the form [a-z]+',
    ],
    ['a list that is too long', '/things/abc', { Size: 1, Names: ['a', 'b'] }, 'Names: 2 items, at most 1'],
    ['a query out of bounds', '/things/abc?Page=0', { Size: 1 }, 'Page: 0, at least 1'],
  ];
  for (const [title, url, body, fault] of wrong) {
    it(`name ${title}`, () => assert.deepEqual(faults(url, body), [`UpdateThing: ${fault}`]));
  }

  it('name what stands in the wrong place, or is nothing of the service', () => {
    assert.match(faults('/things/abc?Size=1', {})[0]!, /has no query Size/);
    assert.match(faults('/things/abc', { Size: 1, Name: 'abc' })[0]!, /Name stands in the body/);
    assert.match(faults('/nothing', {})[0]!, /no operation has this path/);
    assert.match(faults('/things/abc', { Size: 1 }, {})[0]!, /is not signed/);
  });
});
