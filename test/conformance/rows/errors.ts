import type { Row } from '../row.ts';

/** What handlers throw, and code that has nobody to throw to. */
export const errors: Row[] = [
  {
    name: 'throws-error',
    module: 'errors',
    status: 'error',
    error: /^TypeError: not like this$/,
    at: 'throws-error',
    everyForm: true,
    on: {
      'aws-lambda': {
        body: /^\{"errorType":"TypeError","errorMessage":"not like this","trace":\["TypeError: not like this","/,
        http: { status: 500, body: '{"message":"Internal Server Error"}' },
      },
      'aliyun-fc': {
        body: /^\{"errorMessage":"not like this","errorType":"TypeError","stackTrace":\[/,
        http: { status: 502, body: 'Internal Server Error' },
      },
    },
  },
  {
    name: 'throws-subclass',
    module: 'errors',
    status: 'error',
    error: /^PaymentRefused: no money$/,
    at: 'throws-subclass',
    everyForm: true,
  },
  {
    name: 'throws-text',
    module: 'errors',
    status: 'error',
    on: {
      'aws-lambda': { body: '{"errorType":"string","errorMessage":"just text","trace":[]}' },
      'aliyun-fc': { body: /"errorMessage":"just text"/ },
    },
  },
  {
    name: 'throws-undefined',
    module: 'errors',
    status: 'error',
    on: {
      'aws-lambda': { body: '{"errorType":"undefined","errorMessage":"undefined","trace":[]}' },
      'aliyun-fc': { body: /"errorMessage":"undefined"/ },
    },
  },
  {
    name: 'throws-null',
    module: 'errors',
    status: 'error',
    on: {
      'aws-lambda': { body: '{"errorType":"object","errorMessage":"null","trace":[]}' },
      'aliyun-fc': { body: /"errorMessage":"null"/ },
    },
  },
  {
    name: 'throws-object',
    module: 'errors',
    status: 'error',
    // The record shows what it holds; Lambda says no more than this.
    error: /: \{"code":7\}$/,
    on: {
      'aws-lambda': { body: '{"errorType":"object","errorMessage":"[object Object]","trace":[]}' },
      'aliyun-fc': { body: /"errorMessage":/ },
    },
  },
  { name: 'throws-frozen', module: 'errors', status: 'error', error: /^Error: frozen$/ },
  { name: 'throws-hostile', module: 'errors', status: 'error', error: /reading it throws/ },
  {
    name: 'rejects-later',
    module: 'errors',
    status: 'error',
    error: /^RangeError: later$/,
    at: 'rejects-later',
    everyForm: true,
  },
  {
    name: 'throws-in-timer',
    module: 'errors',
    status: 'error',
    at: 'throws-in-timer',
    on: {
      'aws-lambda': { error: /^RangeError: too late$/ },
      'aliyun-fc': { error: /^FunctionUnhandledError: uncaughtException: too late$/ },
    },
  },
  {
    name: 'rejects-in-background',
    module: 'errors',
    status: 'error',
    on: {
      'aws-lambda': { error: /^Runtime\.UnhandledPromiseRejection: nobody waits$/ },
      'aliyun-fc': { error: /nobody waits$/ },
    },
  },
  {
    // Frozen, it would fail in the next invocation instead, as in the clouds.
    name: 'rejects-after-answer',
    module: 'errors',
    settings: { process: { freeze: false } },
    thenGone: true,
    body: /answered/,
  },
  {
    name: 'calls-back-error',
    module: 'errors',
    trait: 'callbacks',
    status: 'error',
    error: /^TypeError: told$/,
    on: {
      'aliyun-fc': {
        errorType: 'HandledInvocationError',
        body: /^\{"errorMessage":"told","errorType":"TypeError","stackTrace":\[/,
      },
    },
  },
  {
    name: 'calls-back-text',
    module: 'errors',
    trait: 'callbacks',
    status: 'error',
    on: {
      'aws-lambda': { body: '{"errorType":"string","errorMessage":"told as text","trace":[]}' },
      'aliyun-fc': {
        errorType: 'HandledInvocationError',
        body: /^\{"errorMessage":"told as text","errorType":"FunctionHandledError"/,
      },
    },
  },
];
