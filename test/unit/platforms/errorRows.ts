/*
 * Every error that the clouds' contracts name, and the test that shows it here. A row says the case in the contract's
 * words; the test is named by its file below `test` and by words that stand in it, mostly its title.
 */

/** Where a row is tested, or why it cannot happen here. */
export type Shown = { file: string; words: string } | { never: string };

export interface ErrorRow {
  row: string;
  shown: Shown;
}

const by =
  (file: string) =>
  (words: string): Shown => ({ file: `${file}.ts`, words });
const never = (reason: string): Shown => ({ never: reason });
const row = (words: string, shown: Shown): ErrorRow => ({ row: words, shown });

const conformance = (group: string) => {
  const shown = by(`conformance/rows/${group}`);
  return (name: string) => shown(`name: '${name}'`);
};
const errors = conformance('errors');
const loading = conformance('loading');
const endings = conformance('endings');
const answers = conformance('answers');
const programs = conformance('programs');
const unit = by('unit/platforms/platforms.test');
const api = by('unit/platforms/invokeApi.test');
const facade = by('unit/platforms/httpFacade.test');
const auth = by('unit/platforms/httpAuth.test');
const streaming = by('host/streaming.test');
const fcClient = by('host/fcClient.test');
const awsClients = by('host/awsClients.test');
const invokes = by('host/invokeApi.test');
const runtimeApi = by('unit/runtime/languages/custom/runtimeApi.test');
const extensions = by('unit/runtime/languages/custom/extensions.test');
const external = by('host/extensions.test');
const openfaas = by('host/openfaas.test');
const knative = by('host/knative.test');

const management = never('It is of what the management API changes: the gateway only tells of functions.');
const ofNow = never(
  'There is the code of now only: other versions and aliases are answered by it, with a note.',
);

/** Alibaba Cloud Function Compute. */
const functionCompute: ErrorRow[] = [
  row("no dot → Invalid handler '<h>'", by('unit/model/projectFiles/porchlightYaml.test')('HANDLER_INVALID')),
  row("Module '<abs path>.js' is missing.", loading('module-missing')),
  row("Handler '<fn>' is missing on module '<mod>'", loading('handler-missing')),
  row('export not a function', loading('handler-no-function')),
  row('syntax error → UserCodeSyntaxError', loading('module-syntax-error')),
  row('MODULE_NOT_FOUND → ImportModuleError', loading('module-needs-package')),
  row('callback err is an Error', errors('calls-back-error')),
  row('other non-null err → FunctionHandledError', errors('calls-back-text')),
  row('only the first callback counts', answers('answers-twice')),
  row('no callback = timeout', answers('answers-nothing')),
  row('≤16: a promise’s value is ignored → timeout', answers('answers-by-promise-alone')),
  row('uncaughtException → FunctionUnhandledError', errors('throws-in-timer')),
  row(
    'Python: errorMessage, errorType, stackTrace of lists',
    by('conformance/pythonDiffers')("'throws-error'"),
  ),
  row('PHP: stackTrace { file, line, traceString }', by('conformance/phpDiffers')("'throws-error'")),
  row('can not send multi times', by('host/functionCompute2.test')('answers 502 to what fails')),
  row(
    'can not set headers after they are sent',
    by('host/functionCompute2.test')('answers 502 to what fails'),
  ),
  row('Base64 decode failure: raw body is sent', facade("body: 'no base64!'")),
  row('Function error: 502 Internal Server Error', errors('throws-error')),
  row('initializer fails → InitializationError', loading('throws-at-init')),
  row('initializer takes too long → InitializationError', loading('never-ready')),
  row('handler throws → UnhandledInvocationError', fcClient("'UnhandledInvocationError'")),
  row('callback(err) → HandledInvocationError', fcClient("'HandledInvocationError'")),
  row('Process exited unexpectedly before completing request', endings('exits 3')),
  row('Function timed out after 60 seconds', unit('Function timed out after 60 seconds')),
  row(
    'OOM: FunctionOOMError',
    by('host/limits.test')('leaks buffers: ended as the platform does, and the next call is served'),
  ),
  row('x-fc-status: 404 → InvocationError', by('conformance/programsDiffer')("errorType: 'InvocationError'")),
  row('FcCommonError', fcClient('refused: an unknown function')),
  row('trigger: 400 limit', facade('methods and sizes that a trigger does not take')),
  row(
    'trigger: 400 missing auth, MissingRequiredHeader',
    auth('what is missing is a bad request, what is wrong is forbidden'),
  ),
  row(
    'trigger: 403 bad signature, > 15 min skew, SignatureNotMatch',
    auth('what is missing is a bad request, what is wrong is forbidden'),
  ),
  row('trigger: 403 method not allowed', facade('methods and sizes that a trigger does not take')),
  row(
    'trigger: 404 no trigger',
    by('host/badInput.test')('an event over the platform’s limit, an unknown function, an unknown path'),
  ),
  row('trigger: 429 throttled', by('host/scheduling.test')('is answered as the platform throttles')),
  row('trigger: 502 response too large', answers('answers-large 33554433')),
  row('400 InvalidArgument', api("'InvalidArgument'")),
  row('400 PathNotSupported', api("'PathNotSupported'")),
  row('400 EntityTooLarge', invokes('an event that is too large is refused, announced or not')),
  row('400 LimitExceededError', api("'LimitExceededError'")),
  row('403 AccessDenied', api("[403, 'AccessDenied']")),
  row(
    '403 SignatureNotMatch, InvalidAccessKeyID of API calls',
    never('Callers on this machine need no keys: signatures of API calls are not checked.'),
  ),
  row('404 ServiceNotFound', api("'ServiceNotFound'")),
  row('404 FunctionNotFound', fcClient('refused: an unknown function')),
  row('404 VersionNotFound, AliasNotFound', ofNow),
  row('404 TriggerNotFound, DomainNameNotFound', management),
  row('409 *AlreadyExists', management),
  row('409 duplicate async task id', invokes('a task id is taken once')),
  row('412 PreconditionFailed', management),
  row('429 ResourceExhausted', invokes('throttling is answered as the platform answers it')),
  row('500 InternalServerError', api("'InternalServerError'")),
  row('502 BadResponse (headers > 8 KB)', facade('headers of more than 8 KB')),
  row('502 CAExited', by('host/programs.test')('starts that fail are told in the words of the platform')),
  row(
    '502 FunctionNotStarted',
    by('host/programs.test')('starts that fail are told in the words of the platform'),
  ),
  row(
    '503 no resources',
    never('One machine has no pool of others that could be empty: who finds no instance gets 429.'),
  ),
  row('the file /code/bootstrap is not exist', unit("'no bootstrap'")),
  row('Function instance health check failed', unit("'silent'")),
  row('exited unexpectedly: code 2', unit("'no such command'")),
  row('exited unexpectedly: code 13 permission denied', unit("'may not be run'")),
  row('exited unexpectedly: code 8 exec format error', unit("'of another machine'")),
  row('exited unexpectedly: code 127', unit("'interpreter missing'")),
  row('exited unexpectedly: code 137', unit("'killed'")),
  row('Client disconnect: the instance restarts', by('host/streamReaders.test')('alone, its instance ends')),
  row('/initialize answers 500: instance restart', by('conformance/programsDiffer')("'throws-at-init'")),
];

/** AWS Lambda. */
const lambda: ErrorRow[] = [
  row('InvalidRequestID', runtimeApi('an unknown id')),
  row('403 InvalidStateTransition', runtimeApi('and what is said of a second one')),
  row('413 RequestEntityTooLarge', runtimeApi('too large a result')),
  row('init/error: 202, then 403', runtimeApi('an initialization that failed is told once')),
  row('a runtime that exits without responding → Runtime.ExitError', endings('exits 0')),
  row(
    'Unable to stringify response body → Runtime.JSONStringifyError',
    by('conformance/rows/answers')('notStringified'),
  ),
  row('Streaming does not support non-async handlers.', streaming('non-async handlers')),
  row('Response stream is not finished.', streaming('Response stream is not finished')),
  row('uncaughtException posts its error (RIC 3)', errors('throws-in-timer')),
  row('Runtime.UnhandledPromiseRejection (RIC 3)', errors('rejects-in-background')),
  row(
    'no handler: Node default crash → Runtime.ExitError (RIC 4)',
    by('host/limits.test')('on nodejs24.x: the process ends as Node ends it'),
  ),
  row('errors while loading are posted to /init/error', loading('module-throws')),
  row('non-Error throws: errorType typeof v', errors('throws-text')),
  row('Runtime.MalformedHandlerName', unit('Runtime\\.MalformedHandlerName')),
  row('Runtime.HandlerNotFound: undefined or not exported', loading('handler-missing')),
  row('Runtime.HandlerNotFound: not a function', loading('handler-no-function')),
  row('Runtime.ImportModuleError', loading('module-needs-package')),
  row('Runtime.UserCodeSyntaxError', loading('module-syntax-error')),
  row('Runtime.CallbackHandlerDeprecated', answers('takes-callback')),
  row('Runtime.ExitError with signal', endings('kills-itself SIGKILL')),
  row('OOM: signal: killed', by('conformance/rows/state')("name: 'allocates-buffers'")),
  row('Task timed out after 3.00 seconds', answers('never-answers')),
  row('Runtime.InvalidEntrypoint', unit('Runtime.InvalidEntrypoint')),
  row(
    'Runtime.InvalidWorkingDir',
    never(
      'The working folder is the function’s own and is not configured; images, which have one, are not run.',
    ),
  ),
  row('Runtime.TruncatedResponse', streaming('Runtime.TruncatedResponse')),
  row('Runtime.InvalidResponseModeHeader', programs('answers-with-bad-mode')),
  row('Runtime.Unknown', by('unit/runtime/languages/custom/runtimeError.test')("'Runtime.Unknown'")),
  row('Function.Unknown', programs('reports-unknown-type')),
  row('Runtime.InvalidStreamingOperation', streaming('InvalidStreamingOperation')),
  row('Runtime.MalformedStreamingHandler', streaming('MalformedStreamingHandler')),
  row('Runtime.PlatformError, Sandbox.Failure', never('They tell of faults of the cloud’s own machines.')),
  row(
    'Runtime.NativeClientLoading',
    never('It tells that the runtime’s own native client is broken; here the runtime has none.'),
  ),
  row('Function.ResponseSizeTooLarge', answers('answers-large 6291555')),
  row(
    'Runtime.OutOfMemory',
    never('Unverified when it is told instead of Runtime.ExitError, which the log contract names for it.'),
  ),
  row('Sandbox.Timedout', unit('Sandbox.Timedout')),
  row('Extension.InitError', external("'Extension.InitError'")),
  row('Extension.ExitError', external("'Extension.ExitError'")),
  row('Extension.Crash', external("'Extension.Crash'")),
  row('Extension.LaunchError', external('cannot be started: Extension.LaunchError')),
  row('X-Amz-Function-Error: Unhandled', awsClients('errors of functions: ${name}')),
  row('X-Amz-Function-Error: Handled', never('Legacy: today’s runtimes always say Unhandled.')),
  row('400 InvalidParameterValueException', api("'InvalidParameterValueException'")),
  row('400 InvalidRequestContentException', api("'InvalidRequestContentException'")),
  row('403', api("[403, 'AccessDeniedException']")),
  row('404 ResourceNotFoundException', api("'ResourceNotFoundException'")),
  row('409 ResourceConflictException', management),
  row('413 RequestTooLargeException', awsClients("'RequestTooLargeException'")),
  row(
    '415 UnsupportedMediaTypeException',
    never('Invoke takes a body of any content type; which requests it answers so is not documented.'),
  ),
  row('429 TooManyRequestsException', awsClients('throttling is an exception of its own')),
  row(
    '429 other reasons than ConcurrentInvocationLimitExceeded',
    never('They tell of rates and quotas of an account, of which there is none.'),
  ),
  row('500 ServiceException', api("'ServiceException'")),
  row(
    '502 EC2, ENI, KMS, InvalidZipFileException, InvalidRuntimeException',
    never('They tell of networks, keys and packages in the cloud.'),
  ),
  row(
    'Init: 10 s, then again within the invocation',
    by('host/hooks.test')('that takes too long has the time'),
  ),
  row('function error → 502 Internal Server Error', facade("['function-url', failed")),
  row('Extension.InvalidExtensionName', extensions('Extension.InvalidExtensionName')),
  row('Extension.RegistrationClosed', extensions('Extension.RegistrationClosed')),
  row('Extension.UnknownExtensionIdentifier', extensions('Extension.UnknownExtensionIdentifier')),
  row('Extension.InvalidExtensionState', extensions('Extension.InvalidExtensionState')),
  row('Extension.MissingHeader', extensions('Extension.MissingHeader')),
  row('Extension.TooManyExtensions', extensions('Extension.TooManyExtensions')),
  row('Extension.InvalidEventType', extensions('Extension.InvalidEventType')),
  row('InvalidRequestFormat', extensions('InvalidRequestFormat')),
];

/** Knative, CloudEvents, OpenFaaS and its watchdog. */
const containers: ErrorRow[] = [
  row('status err.code or 500, body message', knative('every request that was recorded')),
  row('invalid CloudEvent → 406', knative('status: 406, body: /specversion.*0\\.3/')),
  row('falsy → 204', knative('every request that was recorded')),
  row(
    'header values: invalid UTF-8 is rejected',
    by('unit/model/cloudEvents/http.test')('escapes that are no UTF-8'),
  ),
  row('data and data_base64 are exclusive', by('unit/model/cloudEvents/http.test')('data_base64')),
  row('timeoutSeconds is over', knative('what does not answer is answered as the proxies of a cluster do')),
  row(
    'a container that does not become ready',
    by('unit/platforms/knative/http.test')('why a container is not ready'),
  ),
  row('/function/{name}: 404 unknown', openfaas('that do not exist are not found')),
  row('.fail(err): status 500 if still 200', openfaas('of the Node.js template answer as it does')),
  row('MAX_JSON_SIZE: 413', openfaas('bad bodies as the template does')),
  row('max_inflight → 429', openfaas('refuse more than max_inflight')),
  row('exec_timeout, X-Timeout', openfaas('get less time when their caller says so')),
  row(
    '/_/health 503, /_/ready 503 and 429',
    never(
      'They are the watchdog’s own, for the cluster’s probes; there is no watchdog in front of functions here.',
    ),
  ),
  row(
    '/system/*: 400, 404, 500',
    never('They are of the gateway’s management API, which deploys call in the cluster.'),
  ),
];

/** All rows, by contract. */
export const errorRows: Record<string, ErrorRow[]> = {
  'Function Compute': functionCompute,
  'AWS Lambda': lambda,
  'Knative and OpenFaaS': containers,
};
