import assert from 'node:assert/strict';
import { it } from 'node:test';
import { authorization, queryText, sha256 } from '../../../../runtime/deploy/aliyun-fc/signature.ts';

it('signs as the SDK of the cloud does', () => {
  const headers = {
    host: 'fcv3.cn-hangzhou.aliyuncs.com',
    'x-acs-version': '2023-03-30',
    'x-acs-action': 'GetFunction',
    'x-acs-date': '2026-01-02T03:04:05Z',
    'x-acs-signature-nonce': 'nonce-1',
    'x-acs-content-sha256': sha256('{}'),
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'x',
    accept: 'application/json',
    'x-acs-security-token': 'tok',
    'x-acs-accesskey-id': 'LTAI',
  };
  const query = { qualifier: "live (a)'s*", limit: '100' };
  assert.equal(queryText(query), 'limit=100&qualifier=live%20%28a%29%27s%2A');
  const path = '/2023-03-30/functions/my%2Ahello';
  const request = { method: 'GET', path, query, headers, bodySha256: sha256('{}') };
  // Made by @alicloud/openapi-core 1.0.8 of the same request.
  const signature = '2f184e0745bff2446a3a18b1b233688eebe1dc9258d2d035d613a0b6762df4c4';
  assert.equal(
    authorization(request, { id: 'LTAI', secret: 'secret' }),
    `ACS3-HMAC-SHA256 Credential=LTAI,SignedHeaders=content-type;host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version,Signature=${signature}`,
  );
});
