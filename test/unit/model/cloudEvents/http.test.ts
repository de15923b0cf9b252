import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CloudEventError, type CloudEvent } from '../../../../runtime/model/cloudEvents/event.ts';
import {
  contentMode,
  readBatch,
  readMessage,
  writeBinary,
  writeStructured,
  type Headers,
} from '../../../../runtime/model/cloudEvents/http.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (body: Uint8Array): string => new TextDecoder().decode(body);
const attributes = { id: '1', source: '/s', specversion: '1.0', type: 't' };
const binary = { 'ce-id': '1', 'ce-source': '/s', 'ce-specversion': '1.0', 'ce-type': 't' };
const json = { 'content-type': 'application/json' };
const structured = { 'content-type': 'application/cloudevents+json' };

suite('the mode of a message', () => {
  const cases: [Headers, string | undefined][] = [
    [{}, undefined],
    [json, undefined],
    [{ ...binary, ...json }, 'binary'],
    [binary, 'binary'],
    [{ ...binary, 'ce-id': undefined }, undefined],
    [{ 'ce-id': '1' }, 'binary'],
    [structured, 'structured'],
    [{ 'content-type': 'Application/CloudEvents+JSON; Charset=UTF-8' }, 'structured'],
    [{ ...binary, ...structured }, 'structured'],
    [{ 'content-type': 'application/cloudevents-batch+json' }, 'batched'],
  ];
  for (const [headers, mode] of cases) {
    test(`${JSON.stringify(headers)}: ${mode}`, () => assert.equal(contentMode(headers), mode));
  }
});

suite('reading', () => {
  const cases: [what: string, headers: Headers, body: string, event: CloudEvent | undefined][] = [
    ['no event', json, '{}', undefined],
    [
      'JSON in binary mode',
      { ...binary, ...json, host: 'x' },
      '{"a":1}',
      { attributes: { ...attributes, datacontenttype: 'application/json' }, data: { a: 1 } },
    ],
    [
      'JSON of a type of its own',
      { ...binary, 'content-type': 'application/vnd.x+json; charset=utf-8' },
      '[1]',
      {
        attributes: { ...attributes, datacontenttype: 'application/vnd.x+json; charset=utf-8' },
        data: [1],
      },
    ],
    [
      'text in binary mode',
      { ...binary, 'content-type': 'text/plain' },
      'hé',
      { attributes: { ...attributes, datacontenttype: 'text/plain' }, data: 'hé' },
    ],
    ['no data', binary, '', { attributes }],
    [
      'bytes in binary mode',
      { ...binary, 'content-type': 'image/png' },
      'png',
      { attributes: { ...attributes, datacontenttype: 'image/png' }, data: bytes('png') },
    ],
    ['bytes of no type', binary, 'x', { attributes, data: bytes('x') }],
    [
      'escaped and quoted values',
      { ...binary, 'ce-subject': '"a \\"b\\" %25"', 'ce-ext': 'k%C3%A4se%20100%25 %zz' },
      '',
      { attributes: { ...attributes, subject: 'a "b" %', ext: 'käse 100% %zz' } },
    ],
    [
      'structured mode',
      structured,
      JSON.stringify({ ...attributes, num: 5, yes: true, subject: null, data: 'text' }),
      { attributes: { ...attributes, num: 5, yes: true }, data: 'text' },
    ],
    [
      'bytes in structured mode',
      structured,
      JSON.stringify({ ...attributes, data_base64: 'AQID' }),
      { attributes, data: Buffer.from([1, 2, 3]) },
    ],
    ['no data in structured mode', structured, JSON.stringify({ ...attributes, data: null }), { attributes }],
  ];
  for (const [what, headers, body, event] of cases) {
    test(what, () => assert.deepEqual(readMessage(headers, bytes(body)), event));
  }
});

suite('what is no event is told, with the status to answer', () => {
  const event = (over: Record<string, unknown>): string => JSON.stringify({ ...attributes, ...over });
  const cases: [what: string, headers: Headers, body: string | Uint8Array, message: RegExp][] = [
    ['a source is missing', { ...binary, 'ce-source': undefined }, '', /"source" is missing/],
    ['a type is missing', structured, event({ type: undefined }), /"type" is missing/],
    ['a version is missing', { ...binary, 'ce-specversion': undefined }, '', /"specversion" is missing/],
    [
      'another version',
      { ...binary, 'ce-specversion': '0.3' },
      '',
      /"specversion" is "0.3"; it has to be "1.0"/,
    ],
    ['an id that is a number', structured, event({ id: 1 }), /"id" is 1/],
    ['an empty type', structured, event({ type: '' }), /"type" is ""/],
    ['a source with a blank', structured, event({ source: 'a b' }), /"source" is "a b"/],
    ['a time', structured, event({ time: 'now' }), /"time" is "now"/],
    ['an hour', structured, event({ time: '2026-01-01T25:00:00Z' }), /"time" is/],
    ['a schema', structured, event({ dataschema: 'x' }), /"dataschema" is "x"/],
    ['a content type', structured, event({ datacontenttype: 'json' }), /"datacontenttype" is "json"/],
    ['a name', { ...binary, 'ce-a_b': 'x' }, '', /"a_b" is no name/],
    ['a name in capitals', structured, event({ Ext: 'x' }), /"Ext" is no name/],
    ['an object as a value', structured, event({ ext: {} }), /"ext" is \{\}/],
    ['a fraction', structured, event({ ext: 1.5 }), /"ext" is 1\.5/],
    ['a number that is too large', structured, event({ ext: 2 ** 31 }), /"ext" is 2147483648/],
    [
      'both kinds of data',
      structured,
      event({ data: 1, data_base64: 'AQ==' }),
      /both "data" and "data_base64"/,
    ],
    ['no base64', structured, event({ data_base64: '*' }), /no base64/],
    ['no object', structured, '[]', /no JSON object/],
    ['no JSON', structured, '{', /no JSON \(/],
    ['no UTF-8', structured, Buffer.from([0xff]), /no UTF-8/],
    ['escapes that are no UTF-8', { ...binary, 'ce-ext': '%FF' }, '', /ce-ext holds escapes/],
    ['data that is no JSON', { ...binary, ...json }, '{', /data of this CloudEvent is no JSON/],
    ['another format', { 'content-type': 'application/cloudevents+avro' }, '', /\+avro are not taken/],
    ['a batch', { 'content-type': 'application/cloudevents-batch+json' }, '[]', /one by one/],
  ];
  for (const [what, headers, body, message] of cases) {
    test(what, () => {
      const given = typeof body === 'string' ? bytes(body) : body;
      assert.throws(
        () => readMessage(headers, given),
        (error) => error instanceof CloudEventError && error.status === 406 && message.test(error.message),
      );
    });
  }
});

test('a batch is read where it was asked for', () => {
  const headers = { 'content-type': 'application/cloudevents-batch+json' };
  const events = readBatch(headers, bytes(JSON.stringify([attributes, { ...attributes, id: '2' }])));
  assert.deepEqual(
    events.map((event) => event.attributes['id']),
    ['1', '2'],
  );
  assert.throws(() => readBatch(headers, bytes('{}')), /no JSON list/);
  assert.throws(() => readBatch(headers, bytes('[{}]')), /"id" is missing/);
});

suite('what is written is read again', () => {
  const events: CloudEvent[] = [
    { attributes },
    { attributes, data: { a: [1, null] } },
    { attributes: { ...attributes, datacontenttype: 'application/json' }, data: 'a string' },
    { attributes: { ...attributes, datacontenttype: 'text/plain' }, data: 'käse' },
    { attributes: { ...attributes, datacontenttype: 'image/png' }, data: Buffer.from([0, 255]) },
    { attributes: { ...attributes, subject: 'käse "x" 100%\u{1f600}', ext: 'a b' } },
  ];
  const lower = (headers: Record<string, string>): Headers => headers;
  for (const [index, event] of events.entries()) {
    test(`structured, ${index}`, () => {
      const { headers, body } = writeStructured(event);
      assert.deepEqual(readMessage(lower(headers), body), event);
    });
    test(`binary, ${index}`, () => {
      const { headers, body } = writeBinary(event);
      const read = readMessage(lower(headers), body)!;
      assert.deepEqual(read.data, event.data);
      const { datacontenttype = event.data === undefined ? undefined : 'application/json' } =
        event.attributes;
      const typed = datacontenttype === undefined ? {} : { datacontenttype };
      assert.deepEqual(read.attributes, { ...event.attributes, ...typed });
      assert.ok(Object.values(headers).every((value) => /^[\x21-\x7e]+$/.test(value)));
    });
  }
  test('a value in a header', () => {
    const { headers } = writeBinary({ attributes: { ...attributes, ext: 'a "ü" %\ud800' } });
    assert.equal(headers['ce-ext'], 'a%20%22%C3%BC%22%20%25%EF%BF%BD');
  });
  test('text of a type that is JSON is JSON', () => {
    assert.equal(text(writeBinary({ attributes, data: 'x' }).body), '"x"');
  });
});
