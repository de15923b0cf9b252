import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ossAuthorization } from '../../../../runtime/deploy/aliyun-fc/oss/ossSignature.ts';

const request = {
  method: 'PUT',
  bucket: 'bucket',
  key: '1234+-/123/1.txt',
  query: {
    param1: 'value1',
    '+param1': 'value3',
    '|param1': 'value4',
    '+param2': '',
    '|param2': '',
    param2: '',
  },
  region: 'cn-hangzhou',
};
const headers = {
  abc: 'value',
  'content-type': 'text/plain',
  'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
  'x-oss-head1': 'value',
};

// Expected signatures: those that the tests of the cloud's own SDKs agree on.
it('signs as the SDKs of OSS do', () => {
  assert.equal(
    ossAuthorization(
      { ...request, headers: { ...headers, 'x-oss-date': '20231216T162057Z' } },
      { id: 'ak', secret: 'sk' },
    ),
    'OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request,Signature=e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe',
  );
});

it('signs temporary credentials as the SDKs of OSS do', () => {
  const temporary = { 'x-oss-date': '20231217T034736Z', 'x-oss-security-token': 'token' };
  assert.match(
    ossAuthorization(
      { ...request, headers: { ...headers, ...temporary } },
      { id: 'ak', secret: 'sk', securityToken: 'token' },
    ),
    /Signature=b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea$/,
  );
});
