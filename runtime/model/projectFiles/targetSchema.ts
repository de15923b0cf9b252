import * as v from 'valibot';
import { targetText as text, verifyWith } from './targetText.ts';

/* What `targets:` of `porchlight.yaml` may say, by type. They only describe input, as `porchlightSchema.ts` does. */

/** Settings of a target of type `aws-lambda`. */
export const awsLambdaTarget = v.strictObject(
  {
    type: v.literal('aws-lambda'),
    region: v.optional(
      text(
        'Region, e.g. eu-central-1. Default: that of the function, then of the AWS profile.',
        /^[a-z]{2}(-[a-z]+)+-\d$/,
        'expected a region such as eu-central-1.',
      ),
    ),
    profile: v.optional(text('Profile of ~/.aws/config whose credentials are used.')),
    role: v.optional(
      text(
        'ARN of the role that functions have when they run; needed to create them.',
        /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
        'expected a role such as arn:aws:iam::123456789012:role/functions.',
      ),
    ),
    alias: v.optional(
      text(
        'Alias that callers use and that a deploy moves. Default: live.',
        /^(?!\d+$)[\w-]{1,128}$/,
        'expected 1 to 128 letters, digits, - or _, not digits alone.',
      ),
    ),
    prefix: v.optional(
      text(
        'What names of functions begin with there, e.g. shop-.',
        /^[\w-]{0,63}$/,
        'expected letters, digits, - or _.',
      ),
    ),
    bucket: v.optional(
      text(
        'S3 bucket for packages above 50 MB.',
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        'expected the name of a bucket.',
      ),
    ),
    architecture: v.optional(
      v.pipe(
        v.picklist(['x86_64', 'arm64'], 'expected x86_64 or arm64.'),
        v.description('Processor. Default: x86_64.'),
      ),
    ),
    layers: v.optional(
      v.pipe(
        v.array(
          text(
            'ARN of a layer version.',
            /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:layer:[\w-]+:\d+$/,
            'expected the ARN of a layer version.',
          ),
          'expected a list.',
        ),
        v.maxLength(5, 'at most 5 layers.'),
        v.description('Layer versions of every function.'),
      ),
    ),
    url: v.optional(
      v.pipe(
        v.picklist(['public', 'iam', 'none'], 'expected public, iam or none.'),
        v.description(
          'Address of functions with an HTTP trigger: open to everybody, for callers with AWS credentials (default), or none.',
        ),
      ),
    ),
    verifyWith,
    endpoint: v.optional(
      text(
        'Address of another service that speaks the same API, e.g. an emulator.',
        /^https?:\/\/[^\s/]+\/?$/,
        'expected an address such as http://127.0.0.1:5000.',
      ),
    ),
  },
  'expected settings such as { type: aws-lambda, region: eu-central-1 }.',
);

/** Settings of a target of type `aliyun-fc`. */
export const aliyunFcTarget = v.strictObject(
  {
    type: v.literal('aliyun-fc'),
    region: v.optional(
      text(
        'Region, e.g. cn-hangzhou. Default: that of the functions.',
        /^[a-z]{2}(-[a-z0-9]+)+$/,
        'expected a region such as cn-hangzhou.',
      ),
    ),
    accountId: v.optional(
      text(
        'Number of the account. Default: that of the credentials. Triggers of other services need it.',
        /^\d{5,20}$/,
        'expected the number of an account, in quotes.',
      ),
    ),
    access: v.optional(text('Alias of Serverless Devs (~/.s/access.yaml) whose credentials are used.')),
    profile: v.optional(text('Profile of ~/.aliyun/config.json whose credentials are used.')),
    role: v.optional(
      text(
        'ARN of the role that functions have when they run. Default: what is set there stays.',
        /^acs:ram::\d+:role\/[\w.-]+$/,
        'expected a role such as acs:ram::1234567890123456:role/functions.',
      ),
    ),
    triggerRole: v.optional(
      text(
        'ARN of the role by which other services call functions, for triggers that state none.',
        /^acs:ram::\d+:role\/[\w.-]+$/,
        'expected a role such as acs:ram::1234567890123456:role/oss-to-fc.',
      ),
    ),
    alias: v.optional(
      text(
        'Alias that callers use and that a deploy moves. Default: live.',
        /^(?!LATEST$)[A-Za-z_][\w-]{0,127}$/,
        'expected up to 128 letters, digits, - or _, not beginning with a digit, and not LATEST.',
      ),
    ),
    prefix: v.optional(
      text(
        'What names of functions begin with there, e.g. shop-.',
        /^([A-Za-z_][\w-]{0,62})?$/,
        'expected letters, digits, - or _, not beginning with a digit or -.',
      ),
    ),
    bucket: v.optional(
      text(
        'OSS bucket for packages above 74 MB, in the region of the functions.',
        /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
        'expected the name of a bucket.',
      ),
    ),
    ossEndpoint: v.optional(
      text(
        'Address of OSS without the bucket, e.g. within a VPC. Default: that of the region.',
        /^https?:\/\/[^\s/]+\/?$/,
        'expected an address such as https://oss-cn-hangzhou-internal.aliyuncs.com.',
      ),
    ),
    cpu: v.optional(
      v.pipe(
        v.number('expected a number.'),
        v.minValue(0.05, 'at least 0.05.'),
        v.maxValue(16, 'at most 16.'),
        v.check((cpu) => Number.isInteger(Math.round(cpu * 1e6) / 5e4), 'expected steps of 0.05.'),
        v.description(
          'Processors of every function: as many as 1 to 4 GB of memory share. Default: what the cloud gives.',
        ),
      ),
    ),
    layers: v.optional(
      v.pipe(
        v.array(
          text(
            'ARN of a layer version.',
            /^acs:fc:[\w-]*:[\w-]+:layers\/[\w-]+\/versions\/\d+$/,
            'expected the ARN of a layer version.',
          ),
          'expected a list.',
        ),
        v.maxLength(5, 'at most 5 layers.'),
        v.description('Layer versions of every function. Default: what is set there stays.'),
      ),
    ),
    url: v.optional(
      v.pipe(
        v.picklist(['public', 'function', 'none'], 'expected public, function or none.'),
        v.description(
          'Address of functions with an HTTP trigger: open to everybody, for callers that sign with credentials, or none. Default: as authType of the trigger says, otherwise for callers that sign.',
        ),
      ),
    ),
    verifyWith,
    endpoint: v.optional(
      text(
        'Address of another service that speaks the same API, e.g. within a VPC.',
        /^https?:\/\/[^\s/]+\/?$/,
        'expected an address such as https://fcv3-vpc.cn-hangzhou.aliyuncs.com.',
      ),
    ),
  },
  'expected settings such as { type: aliyun-fc, region: cn-hangzhou }.',
);
