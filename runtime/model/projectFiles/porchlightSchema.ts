import * as v from 'valibot';
import { httpAuthKinds } from '../httpAuth.ts';
import { platformIds } from '../platformDefaults.ts';
import { savedEventList } from '../testing/expectationSchema.ts';
import { programProtocols } from '../program.ts';
import { anyTarget } from './anyTarget.ts';
import { asyncSettings } from './porchlightAsync.ts';
import { duration, size, text, whole, yesNo, hint } from '../schemaParts.ts';
import { phrase } from '../../support/l10n.ts';

/*
 * What `porchlight.yaml` may say. The same definitions check the file and give its JSON schema (`scripts/schema.mjs`),
 * so they only describe input; reading the values is done in `porchlightYaml.ts`.
 */

const httpMethods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'] as const;

const process = v.strictObject(
  {
    model: v.optional(
      v.pipe(
        v.picklist(['resident', 'ephemeral'], 'expected resident or ephemeral.'),
        v.description(
          'resident: a process is kept for later invocations. ephemeral: a new process for each.',
        ),
      ),
    ),
    idleTimeout: v.optional(duration('A resident process is freed after being idle for this long.')),
    maxInstances: v.optional(whole(1, 1000, 'Most processes at a time; further invocations wait.')),
    minInstances: v.optional(
      whole(0, 1000, 'Processes that are kept loaded whether called or not (provisioned).'),
    ),
    queue: v.optional(
      whole(
        0,
        100_000,
        'Invocations that may wait for a process; more are refused. 0: none waits, as in the clouds.',
      ),
    ),
    concurrency: v.optional(whole(1, 200, 'Invocations one process handles at the same time.')),
    prewarm: v.optional(whole(0, 100, 'Booted processes without your code that are kept ready.')),
    freeze: v.optional(yesNo('Stop an idle process between invocations, as the clouds do.')),
    codeCache: v.optional(yesNo('Keep compiled code from one start to the next.')),
    preload: v.optional(yesNo('Load packages in spare processes before there is a call.')),
    observe: v.optional(
      v.pipe(
        v.union([v.boolean(), v.literal('full')], 'expected true, false or full.'),
        v.description(
          'Report work that is left open after the answer and state that is carried over. full: follow every promise too, which is slow.',
        ),
      ),
    ),
  },
  'expected settings such as { model: resident, idleTimeout: 300s }.',
);

const http = v.strictObject(
  {
    name: v.optional(text('Name of the trigger.', 128)),
    path: v.optional(
      v.pipe(
        v.string('expected text.'),
        v.regex(/^\/\S*$/, 'expected a path that begins with /.'),
        v.maxLength(1024, 'at most 1024 characters.'),
        v.description('Path on the gateway; may hold {name} and a final {name+} or *.'),
      ),
    ),
    methods: v.optional(
      v.pipe(
        v.array(
          v.picklist(
            httpMethods,
            hint(phrase('expected one of {known}.', { known: httpMethods.join(', ') })),
          ),
          'expected a list of methods.',
        ),
        v.maxLength(20, 'at most 20 methods.'),
        v.description('Methods that reach the function; every method when absent.'),
      ),
    ),
    shape: v.optional(
      v.pipe(
        v.picklist(
          ['fc3', 'fc2', 'function-url', 'http-api', 'rest-api'],
          'expected fc3, fc2, function-url, http-api or rest-api.',
        ),
        v.description('Event shape; the usual one of the platform when absent.'),
      ),
    ),
    auth: v.optional(
      v.pipe(
        v.picklist(httpAuthKinds, hint(phrase('expected {known}.', { known: httpAuthKinds.join(', ') }))),
        v.description(
          'Whom the trigger lets in: signature takes requests that are signed with keys of the account (authType function, AWS_IAM), token those with a token in their Authorization header, apiKey those with an x-api-key; everybody when absent.',
        ),
      ),
    ),
    invokeMode: v.optional(
      v.pipe(
        v.picklist(['BUFFERED', 'RESPONSE_STREAM'], 'expected BUFFERED or RESPONSE_STREAM.'),
        v.description(
          'Whether a Lambda function URL passes results on while they are made; the answers of servers are, unless this says BUFFERED.',
        ),
      ),
    ),
  },
  'expected { path, methods }.',
);

const timer = v.strictObject(
  {
    name: v.optional(text('Name of the trigger.', 128)),
    cron: v.optional(text('Cron expression of the platform, e.g. "0 */5 * * * *".', 256)),
    timezone: v.optional(text('Time zone of the schedule, e.g. Asia/Shanghai; UTC when absent.', 64)),
    payload: v.optional(text('What the event carries.', 65_536)),
    enabled: v.optional(yesNo('Whether the timer runs in the cloud.')),
    fire: v.optional(
      yesNo('Whether the timer fires by itself here, while a host of the folder runs; false when absent.'),
    ),
  },
  'expected { cron }, or { name, fire } for a timer of another file.',
);

const storage = v.strictObject(
  {
    name: v.optional(text('Name of the trigger.', 128)),
    bucket: v.optional(text('Name of the bucket.', 128)),
    events: v.optional(
      v.pipe(
        v.array(
          text('created, removed, or an event type of the platform.', 128),
          'expected a list of events.',
        ),
        v.maxLength(50, 'at most 50 events.'),
        v.description(
          'What the function hears of: created, removed, or event types such as oss:ObjectCreated:*.',
        ),
      ),
    ),
    prefix: v.optional(text('Only of objects whose key begins so.')),
    suffix: v.optional(text('Only of objects whose key ends so.')),
    folder: v.optional(
      text('Folder inside the project that stands for the bucket; .porchlight/buckets/<bucket> when absent.'),
    ),
    enabled: v.optional(yesNo('Whether the trigger works in the cloud.')),
    fire: v.optional(yesNo('Whether files in the folder fire the trigger here; true when absent.')),
  },
  'expected { bucket, events }, or { name, folder } for a trigger of another file.',
);

const queueTrigger = v.strictObject(
  {
    name: v.optional(text('Name of the trigger.', 128)),
    queue: v.optional(text('Queue whose messages come: one of queues, or a name of your own.', 256)),
    topic: v.optional(text('Topic whose messages come (aliyun-fc).', 255)),
    service: v.optional(
      v.pipe(
        v.picklist(['mns', 'rocketmq'], 'expected mns or rocketmq.'),
        v.description('Which service the queue or topic is of (aliyun-fc); mns when absent.'),
      ),
    ),
    batchSize: v.optional(whole(1, 10_000, 'Most messages of an event; 10 on aws-lambda, 1 on aliyun-fc.')),
    window: v.optional(duration('How long a batch that is not full waits for more messages.')),
    maxConcurrency: v.optional(whole(1, 1000, 'Most events under way at a time.')),
    partialFailures: v.optional(yesNo('The function answers { batchItemFailures } (aws-lambda).')),
    enabled: v.optional(yesNo('Whether messages are brought.')),
    tag: v.optional(text('Only messages of a topic that have this tag (aliyun-fc).', 128)),
    content: v.optional(
      v.pipe(
        v.picklist(['STREAM', 'JSON'], 'expected STREAM or JSON.'),
        v.description('Form in which an MNS topic brings a message (aliyun-fc); STREAM when absent.'),
      ),
    ),
    rawData: v.optional(yesNo('Only the data of each element, without what CloudEvents say (aliyun-fc).')),
    retry: v.optional(
      v.pipe(
        v.picklist(
          ['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY'],
          'expected BACKOFF_RETRY or EXPONENTIAL_DECAY_RETRY.',
        ),
        v.description('How failed events are repeated (aliyun-fc); BACKOFF_RETRY when absent.'),
      ),
    ),
  },
  'expected { queue } or { topic }.',
);

const anySource = v.record(v.string(), v.unknown(), 'expected settings.');

const trigger = v.strictObject(
  {
    http: v.optional(http),
    timer: v.optional(timer),
    storage: v.optional(storage),
    queue: v.optional(queueTrigger),
    event: v.optional(anySource),
  },
  'expected one of http, timer, storage, queue or event, e.g. { http: { path: /hello } }.',
);

/** A version of an interpreter, as exact as its user wants it. */
export const interpreterVersion = /^v?\d+(\.\d+){0,2}$/;

const interpreterHint = 'expected a version such as 22 or 22.11, or a path such as ~/node/bin/node.';
const interpreter = v.pipe(
  v.union(
    [
      v.pipe(v.number(), v.minValue(1, interpreterHint)),
      v.pipe(
        v.string(),
        v.regex(/^v?\d+(\.\d+){0,2}$|[\\/]/, interpreterHint),
        v.maxLength(1024, 'at most 1024 characters.'),
      ),
    ],
    interpreterHint,
  ),
  v.description(
    'What runs the function here, over its runtime: a version such as 22, or the path of a program.',
  ),
);

const handler = (description: string) => text(description, 256);

const hook = v.union(
  [
    handler('Handler of the hook.'),
    v.strictObject({
      handler: v.optional(handler('Handler of the hook.')),
      timeout: v.optional(duration('Longest time the hook may take.')),
    }),
  ],
  'expected a handler, e.g. index.initialize, or { handler, timeout }.',
);

const commandHint = 'expected a command such as ./bootstrap, or a list of its parts.';
const command = (description: string) =>
  v.pipe(
    v.union(
      [
        v.pipe(v.string(), v.regex(/\S/, commandHint), v.maxLength(4096, 'at most 4096 characters.')),
        v.pipe(
          v.array(v.pipe(v.string(), v.maxLength(4096, 'at most 4096 characters.')), commandHint),
          v.minLength(1, commandHint),
          v.maxLength(200, 'at most 200 parts.'),
        ),
      ],
      commandHint,
    ),
    v.description(description),
  );

/** Settings of one function. */
export const functionSettings = v.strictObject(
  {
    handler: v.optional(handler('file.export, as the clouds write it, e.g. src/hello.handler.')),
    code: v.optional(text('Folder the handler is relative to; the folder of this file when absent.')),
    language: v.optional(text('What runs the code; by the file when absent.', 64)),
    command: v.optional(
      command(
        'The program to run, for language custom: any executable with its arguments; ./bootstrap when absent.',
      ),
    ),
    build: v.optional(
      command(
        'Builds the program before it starts and after every edit, in the code folder; $ARTIFACTS_DIR is a folder for what it makes.',
      ),
    ),
    protocol: v.optional(
      v.pipe(
        v.picklist(
          programProtocols,
          hint(phrase('expected {known}.', { known: programProtocols.join(', ') })),
        ),
        v.description(
          "How the program hears of events: runtime-api asks Lambda's runtime API, fc-custom is a server as of custom runtimes of Function Compute, http is any web server, cloudevents is one that gets events at its root, as on Knative. By the platform when absent.",
        ),
      ),
    ),
    port: v.optional(
      whole(1, 65_535, 'Port the program listens on when it does not read PORT or FC_SERVER_PORT.'),
    ),
    runtime: v.optional(text("The cloud's runtime id, e.g. nodejs20.", 64)),
    interpreter: v.optional(interpreter),
    platform: v.optional(
      v.pipe(
        v.picklist(platformIds, hint(phrase('known are {known}.', { known: platformIds.join(', ') }))),
        v.description('Whose contract the function follows.'),
      ),
    ),
    region: v.optional(text('Region the function is told it runs in.', 64)),
    description: v.optional(text('For people.', 1024)),
    process: v.optional(process),
    memory: v.optional(size('Memory of an instance.')),
    disk: v.optional(size("Room in an instance's temporary folder.")),
    timeout: v.optional(duration('Longest time an invocation may take.')),
    env: v.optional(
      v.pipe(
        v.record(
          v.pipe(
            v.string(),
            v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected a name of letters, digits and _.'),
          ),
          v.union(
            [
              v.pipe(v.string(), v.maxLength(65_536, 'at most 65536 characters.')),
              v.number(),
              v.boolean(),
              v.null(),
            ],
            'expected text, a number, true or false.',
          ),
          'expected names with values.',
        ),
        v.description('Environment of the function. Keep secrets in .env instead.'),
      ),
    ),
    triggers: v.optional(
      v.pipe(
        v.array(trigger, 'expected a list of triggers.'),
        v.maxLength(100, 'at most 100 triggers.'),
        v.description('What calls the function.'),
      ),
    ),
    async: v.optional(asyncSettings),
    initializer: v.optional(hook),
    preStop: v.optional(hook),
    checkAuth: v.optional(
      yesNo(
        'Whether HTTP triggers refuse here, too, whom their cloud would not let in; they only say so when this is absent.',
      ),
    ),
    events: v.optional(savedEventList),
  },
  'expected settings such as { handler: src/hello.handler }.',
);

/** Settings of a queue; what is not said is as in Amazon SQS. */
export const queueSettings = v.strictObject(
  {
    platform: v.optional(
      v.pipe(
        v.picklist(platformIds, hint(phrase('known are {known}.', { known: platformIds.join(' and ') }))),
        v.description('Whose queue it is; aws-lambda when absent.'),
      ),
    ),
    visibilityTimeout: v.optional(
      duration('For how long nobody else gets a message that was handed out; 30s when absent.'),
    ),
    delay: v.optional(duration('For how long a new message waits; 0s when absent.')),
    retention: v.optional(duration('For how long messages are kept; 96h when absent.')),
    receiveWait: v.optional(duration('How long a receive call waits for messages; 0s when absent.')),
    contentBasedDeduplication: v.optional(
      yesNo('Messages of a FIFO queue are told apart by their body unless their sender gives an id.'),
    ),
    deduplicationScope: v.optional(
      v.pipe(
        v.picklist(['queue', 'messageGroup'], 'expected queue or messageGroup.'),
        v.description('Where a FIFO queue looks for repetitions.'),
      ),
    ),
    deadLetters: v.optional(
      v.strictObject(
        {
          queue: text('Queue that gets them.', 80),
          afterReceives: whole(1, 1000, 'How often a message is handed out in vain before.'),
        },
        'expected { queue, afterReceives }.',
      ),
    ),
  },
  'expected settings such as { visibilityTimeout: 60s }.',
);

/** The whole of `porchlight.yaml`. */
export const porchlightSettings = v.strictObject({
  functions: v.optional(
    v.pipe(
      v.record(v.string(), v.optional(functionSettings), 'expected function names with settings.'),
      v.description('Functions by name: declared here, or settings over functions of another file.'),
    ),
  ),
  queues: v.optional(
    v.pipe(
      v.record(v.string(), v.optional(queueSettings), 'expected queue names with settings.'),
      v.description('Queues by name; one whose name ends with .fifo keeps the order of its groups.'),
    ),
  ),
  targets: v.optional(
    v.pipe(
      v.record(v.string(), anyTarget, 'expected target names with settings.'),
      v.description('Where a deploy may go. "local" is always there.'),
    ),
  ),
});
