import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PorchlightError } from '../../../../runtime/model/errors.ts';
import { readCredentials } from '../../../../runtime/deploy/aliyun-fc/credentials/readCredentials.ts';

const home = '/home/me';
const access = join(home, '.s', 'access.yaml');
const config = join(home, '.aliyun', 'config.json');

/** Made by OpenSSL: `openssl enc -aes-256-cbc -md md5 -base64`. */
const encrypted = `default:
  AccountID: U2FsdGVkX18fON5D7GGDGOSdwXT0iKFDS7y2lhphwamWnAUsOG7ztLac3pQmahzO
  AccessKeyID: plain-id
  AccessKeySecret: U2FsdGVkX19ZuFo8w3k1eOvkfzxJCOmTZY+1gIzqtuU=
half:
  AccessKeyID: plain-id
other:
  AccessKeyID: other-id
  AccessKeySecret: other-secret
  SecurityToken: other-token
`;

const profiles = JSON.stringify({
  current: 'work',
  profiles: [
    { name: 'default', mode: 'AK', access_key_id: 'default-id', access_key_secret: 'default-secret' },
    {
      ...{ name: 'work', mode: 'StsToken', access_key_id: 'work-id', access_key_secret: 'work-secret' },
      ...{ sts_token: 'work-token', region_id: 'cn-shanghai' },
    },
    { name: 'role', mode: 'RamRoleArn', access_key_id: 'role-id', access_key_secret: 'role-secret' },
    { name: 'half', mode: 'StsToken', access_key_id: 'half-id', access_key_secret: 'half-secret' },
  ],
});

const shared = join(home, '.alibabacloud', 'credentials');
const sections = `\uFEFF# of the SDKs
[default]
enable = true
type = access_key
access_key_id = ini-id  ; mine
access_key_secret = ini=secret
[ sts ]
type = sts
access_key_id = sts-id\r
access_key_secret = sts-secret
security_token = sts-token
[role]
type = ram_role_arn
access_key_id = role-id
[half]
access_key_id = half-id
`;

interface Case {
  env?: Record<string, string>;
  files?: Record<string, string>;
  choice?: { access?: string; profile?: string };
}

function found({ env = {}, files = {}, choice = {} }: Case) {
  const { id, secret, securityToken, accountId, region } = readCredentials(choice, {
    env,
    home,
    read: (path) => files[path],
  });
  return [id, secret, securityToken, accountId, region].map((value) => value ?? '-').join(' ');
}

const both = { [access]: encrypted, [config]: profiles };
const devs = { AccountID: '1', AccessKeyID: 'env-id', AccessKeySecret: 'env-secret' };
const cloud = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'ali-id', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'ali-secret' };
const json = '{"AccountID":"2","AccessKeyID":"ci-id","AccessKeySecret":"ci-secret"}';

describe('credentials of Alibaba Cloud', () => {
  const cases: [string, Case, string][] = [
    [
      'the file of the SDKs, when there is nothing else',
      { files: { [shared]: sections } },
      'ini-id ini=secret - - -',
    ],
    [
      'a section of it by name',
      { files: { ...both, [shared]: sections }, choice: { profile: 'sts' } },
      'sts-id sts-secret sts-token - -',
    ],
    [
      'the file that the environment names, and the section',
      {
        env: { ALIBABA_CLOUD_CREDENTIALS_FILE: '/etc/keys', ALIBABA_CLOUD_PROFILE: 'sts' },
        files: { '/etc/keys': sections },
      },
      'sts-id sts-secret sts-token - -',
    ],
    [
      'the environment of Serverless Devs',
      { env: { ...devs, ...cloud }, files: both },
      'env-id env-secret - 1 -',
    ],
    [
      'an alias of its CI environment',
      { env: { ci_serverless_devs_key: json, serverless_devs_access_cicd_alias_name: 'ci' }, files: both },
      'ci-id ci-secret - 2 -',
    ],
    [
      'its file, whose values are obfuscated or plain',
      { env: cloud, files: both },
      'plain-id planted-secret - 1234567890123456 -',
    ],
    ['a named alias', { files: both, choice: { access: 'other' } }, 'other-id other-secret other-token - -'],
    [
      'its file below a home folder elsewhere',
      {
        env: { serverless_devs_config_home: '/else' },
        files: { [join('/else', '.s', 'access.yaml')]: encrypted },
        choice: { access: 'other' },
      },
      'other-id other-secret other-token - -',
    ],
    [
      'its file where its settings say',
      {
        files: {
          [join(home, '.s', 'config', 's.json')]: '{"workspace":"~/keys"}',
          [join(`${home}/keys`, 'access.yaml')]: encrypted,
        },
        choice: { access: 'other' },
      },
      'other-id other-secret other-token - -',
    ],
    [
      'its file in a folder that earlier versions took',
      {
        env: { serverless_devs_config_home: '/else' },
        files: { [join('/else', 'access.yml')]: encrypted },
        choice: { access: 'other' },
      },
      'other-id other-secret other-token - -',
    ],
    ['the environment of the SDKs', { env: cloud, files: { [config]: profiles } }, 'ali-id ali-secret - - -'],
    [
      'the current profile',
      { files: { [config]: `\uFEFF${profiles}` } },
      'work-id work-secret work-token - cn-shanghai',
    ],
    [
      'the profile of the environment',
      { env: { ALIBABA_CLOUD_PROFILE: 'default' }, files: { [config]: profiles } },
      'default-id default-secret - - -',
    ],
    [
      'a named profile, before all others',
      { env: { ...devs, ...cloud }, files: both, choice: { profile: 'default' } },
      'default-id default-secret - - -',
    ],
  ];
  for (const [title, given, expected] of cases)
    it(`reads ${title}`, () => assert.equal(found(given), expected));

  const faults: [string, Case, RegExp][] = [
    ['nothing is set', {}, /s config add or aliyun configure/],
    [
      'profiles are disabled',
      { env: { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true' }, files: { [config]: profiles } },
      /aliyun configure/,
    ],
    ['there is no such profile', { files: both, choice: { profile: 'nobody' } }, /no profile "nobody"/],
    [
      'there is no such alias',
      { env: cloud, files: both, choice: { access: 'nobody' } },
      /no alias "nobody"/,
    ],
    ['a profile is of another mode', { files: both, choice: { profile: 'role' } }, /mode RamRoleArn/],
    ['a profile is not complete', { files: both, choice: { profile: 'half' } }, /"half" .* is not complete/],
    ['an alias is not complete', { files: both, choice: { access: 'half' } }, /"half" .* has no AccessKeyID/],
    [
      'a section is of another type',
      { files: { [shared]: sections }, choice: { profile: 'role' } },
      /"role" .* is of type ram_role_arn/,
    ],
    [
      'a section is not complete',
      { files: { [shared]: sections }, choice: { profile: 'half' } },
      /"half" .* is not complete/,
    ],
    [
      'the CI variable is no JSON',
      { env: { x_serverless_devs_key: '{"AccessKeySecret":"oh-secret' }, choice: { access: 'x' } },
      /x_serverless_devs_key cannot be read/,
    ],
    [
      'the file is no YAML',
      { files: { [access]: 'default: [ AccessKeySecret: oh-secret' } },
      /access.yaml cannot be read/,
    ],
    [
      'the file is no JSON',
      { files: { [config]: '{"access_key_secret": "oh-secret"' } },
      /config.json is no JSON/,
    ],
  ];
  for (const [title, given, expected] of faults) {
    it(`says so when ${title}, and no value`, () => {
      assert.throws(
        () => found(given),
        (error) => {
          assert.ok(error instanceof PorchlightError);
          assert.equal(error.code, 'CREDENTIALS_MISSING');
          assert.match(error.message, expected);
          assert.doesNotMatch(
            `${error.message} ${JSON.stringify(error.facts)} ${String(error.cause)}`,
            /-secret/,
          );
          return true;
        },
      );
    });
  }
});
