import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attributesMd5, bodyMd5, messageBytes } from '../../../../runtime/model/queues/message.ts';

describe('digests of messages', () => {
  it('a body has the MD5 of its UTF-8', () => {
    assert.equal(bodyMd5('This is a test message'), 'fafb00f5732ab283681e124bf8747ed1');
    assert.equal(bodyMd5('grüße 你好'), bodyMd5(Buffer.from('grüße 你好').toString()));
  });

  // Worked out by hand from the developer guide's description: lengths as four bytes, 1 before text, 2 before bytes.
  it('attributes are digested by name, whatever their order', () => {
    const one = { dataType: 'String', stringValue: 'x' };
    const two = { dataType: 'Binary', binaryValue: 'AAE=' };
    const digest = attributesMd5({ b: two, a: one });
    assert.equal(digest, attributesMd5({ a: one, b: two }));
    assert.equal(digest, 'fa20e2def088daf7b14bc51e836c5547');
    assert.equal(attributesMd5({}), undefined);
  });

  it('a message is as large as body, names, types and values', () => {
    const attributes = { ab: { dataType: 'Binary', binaryValue: 'AAE=' } };
    assert.equal(messageBytes({ body: 'ü', attributes }), 2 + 2 + 6 + 2);
  });
});
