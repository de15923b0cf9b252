import type { Row } from '../row.ts';
import { timedOut } from './answers.ts';

const failed = { then: 'same', everyForm: true, status: 'error' } as const;

/** Code that cannot be loaded. */
export const loading: Row[] = [
  {
    name: 'module-throws',
    module: 'moduleThrows',
    export: 'handler',
    ...failed,
    error: /broken at module level$/,
    at: 'module-throws',
    body: /"errorMessage":"broken at module level"/,
    on: {
      // Initialization that failed is tried again at the invocation.
      'aws-lambda': {
        phases: ['queue', 'spawn', 'boot', 'load', 'teardown', 'spawn', 'boot', 'load', 'teardown'],
      },
      'aliyun-fc': { phases: ['queue', 'spawn', 'boot', 'load', 'teardown'] },
    },
  },
  {
    name: 'module-syntax-error',
    module: 'moduleSyntaxError',
    export: 'handler',
    ...failed,
    error: /UserCodeSyntaxError: .*Unexpected token '='$/,
    at: 'module-syntax-error',
    inForm: {
      'nodejs-typescript': { error: /^BUILD_FAILED: .*moduleSyntaxError\.ts:3:9: / },
    },
  },
  {
    name: 'module-exits',
    module: 'moduleExits',
    export: 'handler',
    ...failed,
    status: 'crashed',
    on: {
      'aws-lambda': { error: /^Runtime\.ExitError: .*exit status 5$/ },
      'aliyun-fc': { body: /^\{"errorMessage":"Process exited unexpectedly before completing request \(/ },
    },
  },
  {
    name: 'module-needs-package',
    module: 'moduleNeedsPackage',
    export: 'handler',
    ...failed,
    on: {
      'aws-lambda': {
        error:
          /^Runtime\.ImportModuleError: Error: Cannot find (module|package) 'a-package-that-is-not-there'/,
      },
      'aliyun-fc': {
        error: /^ImportModuleError: Cannot find (module|package) 'a-package-that-is-not-there'/,
      },
    },
    // What is built here is built before it is sent to a cloud as well.
    inForm: {
      'nodejs-typescript': { error: /^BUILD_FAILED: .*"a-package-that-is-not-there" is not found from here/ },
    },
  },
  {
    name: 'handler-missing',
    module: 'answers',
    export: 'nowhere',
    ...failed,
    on: {
      'aws-lambda': { error: /^Runtime\.HandlerNotFound: answers\.nowhere is undefined or not exported$/ },
      'aliyun-fc': { error: /^HandlerNotFound: Handler 'nowhere' is missing on module 'answers'$/ },
    },
  },
  {
    name: 'handler-no-function',
    module: 'exportsValue',
    export: 'handler',
    ...failed,
    on: {
      'aws-lambda': { error: /^Runtime\.HandlerNotFound: exportsValue\.handler is not a function$/ },
      'aliyun-fc': { error: /^HandlerNotFound: Handler 'handler' is missing on module 'exportsValue'$/ },
    },
  },
  {
    name: 'module-missing',
    module: 'nowhere',
    export: 'handler',
    ...failed,
    error: /Module '.*nowhere.*' is missing/,
  },
  {
    name: 'module-blocks',
    module: 'moduleBlocks',
    export: 'handler',
    then: 'nothing',
    settings: { timeout: '1s' },
    on: { 'aws-lambda': timedOut['aws-lambda'], 'aliyun-fc': false },
  },
  {
    name: 'module-awaits',
    module: 'moduleAwaits',
    export: 'handler',
    trait: 'topLevelAwait',
    everyForm: true,
    then: 'nothing',
    settings: { timeout: '1s' },
    on: { 'aws-lambda': timedOut['aws-lambda'], 'aliyun-fc': false },
  },
  {
    name: 'throws-at-init',
    module: 'initializers',
    export: 'handler',
    settings: { initializer: { handler: 'initializers.throwsAtInit', timeout: '10s' } },
    then: 'same',
    on: {
      'aws-lambda': false,
      'aliyun-fc': { status: 'error', error: /not ready$/, errorType: 'InitializationError' },
    },
  },
  {
    name: 'never-ready',
    module: 'initializers',
    export: 'handler',
    settings: { initializer: { handler: 'initializers.neverReady', timeout: '1s' } },
    then: 'same',
    on: {
      'aws-lambda': false,
      'aliyun-fc': { status: 'timeout', errorType: 'InitializationError' },
    },
  },
];
