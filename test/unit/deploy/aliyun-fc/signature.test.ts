import assert from 'node:assert/strict';
import { it } from 'node:test';
import { logAuthorization } from '../../../../runtime/deploy/aliyun-fc/logs.ts';
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

it('signs requests for logs as their SDK does', () => {
  const query = {
    ...{ type: 'log', from: '1767323045', to: '1767323105' },
    ...{ topic: 'FCLogs:hello', line: '100', offset: '0' },
  };
  const headers = {
    date: 'Fri, 02 Jan 2026 03:04:05 GMT',
    'x-log-apiversion': '0.6.0',
    'x-log-bodyrawsize': '0',
    'x-log-signaturemethod': 'hmac-sha1',
    'x-acs-security-token': 'tok',
  };
  // Made by the code of @alicloud/log 1.2.6 of the same request.
  assert.equal(
    logAuthorization('GET', '/logstores/function-logstore', query, headers, { id: 'LTAI', secret: 'secret' }),
    'LOG LTAI:6WOmO+tuCI/hhGl3PesPNdtvvBA=',
  );
});
