/*
 * Every error a user can meet: a stable code, whose mistake it is, and a message that says what happened, why, and what
 * to do. Messages are built here, from facts.
 */

type Facts = Record<string, string | number | undefined>;

interface CatalogueEntry {
  /** `user`: something to change in the project or the call. `internal`: ours. */
  kind: 'user' | 'internal';
  message: (facts: Facts) => string;
}

const entry = (kind: CatalogueEntry['kind'], message: CatalogueEntry['message']): CatalogueEntry => ({
  kind,
  message,
});

/** All errors by code. */
export const catalogue = {
  PROJECT_NOT_FOUND: entry(
    'user',
    (f) =>
      `No functions found in ${f.root}. Porchlight looks for porchlight.yaml, s.yaml, template.yaml (SAM), serverless.yml, func.yaml (Knative), stack.yaml (OpenFaaS) or a file that exports a handler. Add one, or open the folder that has it.`,
  ),
  FUNCTION_UNKNOWN: entry(
    'user',
    (f) => `There is no function named "${f.name}". Known functions: ${f.known || 'none'}.`,
  ),
  YAML_SYNTAX: entry(
    'user',
    (f) =>
      `This YAML cannot be read: ${f.detail} Correct this line; what follows it may be read wrongly until then.`,
  ),
  SETTING_INVALID: entry('user', (f) => `${f.path}: ${f.detail}`),
  SETTING_UNKNOWN: entry(
    'user',
    (f) => `Unknown key "${f.key}"${f.nearest ? `; did you mean "${f.nearest}"?` : '.'}`,
  ),
  VALUE_UNRESOLVED: entry(
    'user',
    (f) => `${f.expression} cannot be resolved on this machine${f.detail ? `: ${f.detail}` : '.'}`,
  ),
  LANGUAGE_LATER: entry(
    'user',
    (f) =>
      `${f.function} is written for ${f.runtime}. Porchlight lists it, but runs Node.js, Python and PHP functions and programs (language: custom) only so far.`,
  ),
  LANGUAGE_NOT_OFFERED: entry(
    'user',
    (f) =>
      `${f.function}: ${f.platform} has no runtime for ${f.language}. Run it there as a program (language: custom, with a command such as ./bootstrap of your own or a layer's), or choose another platform.`,
  ),
  RUNTIME_ENDED: entry(
    'user',
    (f) =>
      `${f.platform} has not supported the runtime ${f.runtime} since ${f.date}: it gets no security updates, and functions with it can soon be neither created nor updated.${f.successor ? ` Use ${f.successor}.` : ''}`,
  ),
  CODE_UNSUPPORTED: entry('user', (f) => `${f.function}: ${f.detail}`),
  FUNCTION_DUPLICATE: entry(
    'user',
    (f) =>
      `"${f.name}" is declared more than once; this one is listed as "${f.listed}". Give it a name of its own.`,
  ),
  ROUTE_CONFLICT: entry('user', (f) => `${f.function}: ${f.route} is never reached: ${f.detail}`),
  FILE_UNREADABLE: entry(
    'user',
    (f) => `${f.file} cannot be read: ${f.detail} Correct its rights or remove it.`,
  ),
  VARIABLE_MISSING: entry(
    'user',
    (f) =>
      `${f.function}: the variable ${f.name} has no value on this machine${f.detail ? ` (${f.detail})` : ''}. Give it one in .env or .env.${f.function}.`,
  ),
  VARIABLES_NOT_GIVEN: entry(
    'user',
    (f) =>
      `${f.function}: the code reads ${f.names}, but nothing gives ${f.them} a value on this machine. Add ${f.them} to .env or .env.${f.function}, or to the environment in the project file.`,
  ),
  HANDLER_MISSING: entry(
    'user',
    (f) => `${f.function}: no handler is given. Add one as file.export, e.g. "index.handler".`,
  ),
  HANDLER_INVALID: entry(
    'user',
    (f) => `Invalid handler '${f.handler}': write it as file.export, e.g. "index.handler".`,
  ),
  MODULE_MISSING: entry(
    'user',
    (f) =>
      `Module '${f.module}' is missing.${f.nearest ? ` Did you mean "${f.nearest}"?` : ' Correct the handler or the code folder.'}`,
  ),
  EXPORT_MISSING: entry(
    'user',
    (f) =>
      `Handler '${f.export}' is missing on module '${f.module}'.${f.nearest ? ` Did you mean "${f.nearest}"?` : ' Export it, or correct the handler.'}`,
  ),
  BUILD_FAILED: entry(
    'user',
    (f) => `${f.file}:${f.line}:${f.column}: ${f.detail} Correct the line and save.`,
  ),
  PROGRAM_NOT_BUILT: entry(
    'user',
    (f) =>
      `${f.function} cannot be built: ${f.detail} Correct it and save.${f.output ? `\n${f.output}` : ''}`,
  ),
  INTERPRETER_MISSING: entry(
    'user',
    (f) => `${f.language} is not found${f.detail ? ` (${f.detail})` : ''}. ${f.remedy}`,
  ),
  INTERPRETER_INSTEAD: entry(
    'user',
    (f) => `${f.function}: ${f.wanted}, but ${f.detail}; ${f.label} runs it instead. ${f.remedy}`,
  ),
  EVENT_NOT_JSON: entry(
    'user',
    (f) => `The event is not JSON: ${f.detail} Lambda handlers get parsed JSON; correct ${f.source}.`,
  ),
  EVENT_TOO_LARGE: entry(
    'user',
    (f) => `The event has ${f.bytes} bytes; the platform accepts at most ${f.limit}.`,
  ),
  EVENT_UNCLEAR: entry('user', (f) => `It is not clear whose events these are: ${f.detail}`),
  EXPECTATION_ALONE: entry('user', (f) => `This expectation is not used. ${f.detail}`),
  TEST_UNKNOWN: entry('user', (f) => `There is no saved event "${f.id}" (any more).`),
  CALLS_CIRCLE: entry(
    'user',
    (f) =>
      `This call of "${f.function}" was stopped: ${f.detail} Functions call each other in a circle; break it, or raise maxInstances if it ends by itself.`,
  ),
  START_KIND_UNAVAILABLE: entry(
    'user',
    (f) => `No warm instance of "${f.name}" is there. Invoke it once first, or leave out --warm.`,
  ),
  PORT_IN_USE: entry(
    'user',
    (f) =>
      `Port ${f.port} is in use by another program. Choose another with --port, or --port 0 for any free one.`,
  ),
  HOST_RUNNING: entry(
    'user',
    (f) =>
      `A Porchlight host already runs for ${f.root}${f.gateway ? ` at ${f.gateway}` : ''} (pid ${f.pid}). Use it, or stop it first.`,
  ),
  NODE_UNSUITABLE: entry(
    'user',
    (f) =>
      `${f.detail} Porchlight needs Node.js ${f.minimum} or newer: install it, or set porchlight.nodePath to it.`,
  ),
  STATE_FOLDER_UNUSABLE: entry(
    'user',
    (f) =>
      `Porchlight cannot keep its state in ${f.folder}: ${f.detail}. Make the folder writable, remove what lies in its place, or work on a copy.`,
  ),
  HOST_START_FAILED: entry(
    'internal',
    (f) =>
      `The runtime host of ${f.root} did not start: ${f.detail} The log has more; correct the cause and restart the host.`,
  ),
  WORKSPACE_UNTRUSTED: entry(
    'user',
    () =>
      'This workspace is not trusted, so nothing of it is run. Trust it to run, debug and deploy its functions.',
  ),
  HOST_UNREACHABLE: entry('internal', (f) => `The runtime host of ${f.root} does not answer: ${f.detail}`),
  PROTOCOL_VERSION: entry(
    'user',
    (f) =>
      `The running host speaks protocol version ${f.theirs}, this program ${f.ours}. Stop the host and start it with the same version of Porchlight.`,
  ),
  DEBUGGER_BUSY: entry('user', () => `Another window is debugging this folder. Stop debugging there first.`),
  REQUEST_INVALID: entry('user', (f) => `This cannot be answered: ${f.detail}.`),
  INSTANCE_UNKNOWN: entry('user', (f) => `There is no instance "${f.instance}" (any more).`),
  INVOCATION_UNKNOWN: entry('user', (f) => `There is no invocation "${f.id}" (any more).`),
  EVENT_CUT: entry(
    'user',
    (f) =>
      `The event of this invocation has ${f.bytes} bytes, of which only ${f.kept} were recorded, so it cannot be sent again as it was. Send it anew from where it came from, or replay with an event of your own.`,
  ),
  INVOCATION_AMBIGUOUS: entry(
    'user',
    (f) => `Several invocations are called "${f.id}": ${f.known}. Give more of the id.`,
  ),
  NO_FAILURE: entry('user', (f) => `No invocation of ${f.root} has failed, as far as is recorded.`),
  PROFILE_IMPOSSIBLE: entry('user', (f) => `${f.function} cannot be profiled: ${f.detail}`),
  LOAD_RUNNING: entry(
    'user',
    (f) => `${f.function} is under load already. Wait until that has ended, or cancel it.`,
  ),
  PROFILE_UNKNOWN: entry(
    'user',
    (f) => `There is no earlier profile of ${f.function} to compare with: ${f.detail}`,
  ),
  TRIGGER_INVALID: entry('user', (f) => `${f.path}: ${f.detail}`),
  TRIGGER_UNKNOWN: entry(
    'user',
    (f) => `${f.function} has no trigger named "${f.trigger}". Its triggers: ${f.known || 'none'}.`,
  ),
  TRIGGER_NOT_CHOSEN: entry(
    'user',
    (f) => `${f.function} has several triggers; name the one to fire: ${f.known}.`,
  ),
  TRIGGER_BROKEN: entry(
    'user',
    (f) => `The trigger "${f.trigger}" of ${f.function} cannot be used: ${f.detail}`,
  ),
  TRIGGER_HTTP: entry(
    'user',
    (f) =>
      `"${f.trigger}" of ${f.function} is an HTTP trigger: send a request to ${f.url || 'its address'} instead.`,
  ),
  TRIGGER_ACTION: entry('user', (f) => `The trigger "${f.trigger}" of ${f.function}: ${f.detail}`),
  SAMPLE_UNKNOWN: entry(
    'user',
    (f) =>
      `There is no sample "${f.kind}"${f.platform ? ` of ${f.platform}` : ''}.${f.nearest ? ` Did you mean "${f.nearest}"?` : ''} porchlight sample --list shows all.`,
  ),
  SAMPLE_FIELD: entry(
    'user',
    (f) => `The sample "${f.kind}" has no field "${f.field}". Its fields: ${f.known}.`,
  ),
  DELIVERY_REFUSED: entry(
    'user',
    (f) => `The event for ${f.function} was not taken: ${f.detail} Wait for what is under way.`,
  ),
  QUEUE_UNKNOWN: entry(
    'user',
    (f) => `There is no queue or topic "${f.queue}". Known: ${f.known || 'none'}.`,
  ),
  QUEUE_NO_DEAD_LETTERS: entry(
    'user',
    (f) =>
      `${f.queue} is no dead-letter queue of another one, so there is nothing to move back. Dead-letter queues: ${f.known || 'none'}.`,
  ),
  MESSAGE_REFUSED: entry('user', (f) => `The message was not sent to ${f.queue}: ${f.detail}`),
  TARGET_UNKNOWN: entry('user', (f) => `There is no deploy target "${f.target}". Known targets: ${f.known}.`),
  TARGET_TAKES_NONE: entry(
    'user',
    (f) =>
      `Nothing of this project goes to "${f.target}": it takes functions of ${f.platforms}. Name another target, or set platform: in porchlight.yaml.`,
  ),
  TARGET_REFUSES: entry(
    'user',
    (f) =>
      `${f.function} follows ${f.platform} and cannot go to "${f.target}". Name another target, or set platform: in porchlight.yaml.`,
  ),
  TARGET_SETTING: entry(
    'user',
    (f) => `Target "${f.target}": ${f.detail} Say so under targets in porchlight.yaml.`,
  ),
  TARGET_OBJECTS: entry('user', (f) => `${f.function}: ${f.detail}`),
  NOT_DEPLOYED: entry(
    'user',
    (f) =>
      `${f.function} is not deployed to "${f.target}". Deploy it first: porchlight deploy --target ${f.target}`,
  ),
  DEPLOY_OVERTAKEN: entry(
    'user',
    (f) => `${f.function} was changed by somebody else meanwhile. Look at a new plan, and deploy again.`,
  ),
  CREDENTIALS_MISSING: entry('user', (f) => `No credentials for ${f.service} were found. ${f.remedy}`),
  CREDENTIALS_REFUSED: entry(
    'user',
    (f) => `${f.service} does not take the credentials (${f.code}): ${f.detail} ${f.remedy}`,
  ),
  CLOUD_REFUSED: entry('user', (f) => `${f.service} refused ${f.action} (${f.code}): ${f.detail}`),
  CLOUD_UNREACHABLE: entry(
    'user',
    (f) => `${f.service} cannot be reached at ${f.endpoint} (${f.action}): ${f.detail}`,
  ),
  PLAN_UNKNOWN: entry('user', () => `This plan is no longer current. Make a new one.`),
  DEPLOY_BLOCKED: entry('user', (f) => `Nothing was deployed: ${f.detail}`),
  DEPLOY_FAILED: entry(
    'user',
    (f) =>
      `${f.function}: ${f.detail} ${f.previous ? `Version ${f.previous} goes on serving.` : 'Nothing of it is deployed.'}`,
  ),
  LIMIT_EXCEEDED: entry(
    'user',
    (f) => `${f.function}: ${f.what} is ${f.value}; ${f.platform} takes ${f.limit}.`,
  ),
  RESERVED_VARIABLE: entry(
    'user',
    (f) =>
      `${f.function}: ${f.platform} sets the variable ${f.name} itself, so your value is ignored. Choose another name.`,
  ),
  LINK_OUTSIDE: entry(
    'user',
    (f) =>
      `The link ${f.path} leads out of the project, to ${f.target}. Copy what it leads to, or remove it.`,
  ),
  LINK_BROKEN: entry('user', (f) => `The link ${f.path} leads nowhere and is left out.`),
  KEY_LEFT_OUT: entry(
    'user',
    (f) =>
      `${f.path} looks like a private key and is left out of the package. Pass it by an environment variable or a secret store.`,
  ),
  PACKAGE_MISSING: entry(
    'user',
    (f) =>
      `The package "${f.package}" is needed but not installed. Install it, or take it out of the dependencies.`,
  ),
  REQUIREMENTS_NOT_SHIPPED: entry(
    'user',
    (f) =>
      `requirements.txt names ${f.names}, not found beside the code: what is sent will not have them. Install them there: pip install -r requirements.txt -t ${f.folder}`,
  ),
  COMPOSER_NOT_INSTALLED: entry(
    'user',
    (f) =>
      `composer.json requires packages, but vendor/autoload.php does not lie beside the code: what is sent will not have them. Install them there: composer install --no-dev --working-dir ${f.folder}`,
  ),
  PACKAGE_NOT_SHIPPED: entry(
    'user',
    (f) =>
      `The package "${f.package}" is used here but is no dependency of package.json, so it is not deployed. Add it to "dependencies".`,
  ),
  NATIVE_CODE_FOREIGN: entry(
    'user',
    (f) =>
      `${f.function}: ${f.name} holds native code for ${f.found} alone; where it is sent it is ${f.machine}. ${f.remedy}`,
  ),
  GLIBC_NEWER: entry(
    'user',
    (f) =>
      `${f.function}: its program was linked with glibc ${f.needed}; where it is sent there is ${f.there}. Build it on an older system, or statically (CGO_ENABLED=0 for Go, musl for Rust).`,
  ),
  PACKAGE_TOO_LARGE: entry(
    'user',
    (f) =>
      `${f.folder} holds more than ${f.files} files or ${f.megabytes} MB. Point the code folder at the function's own code.`,
  ),
  VERSION_UNKNOWN: entry(
    'user',
    (f) => `${f.function} has no version ${f.version || 'before the current one'} on ${f.target}.`,
  ),
  SERVE_FAILED: entry('internal', (f) => `The serving process did not start: ${f.detail}`),
  USAGE: entry('user', (f) => `${f.detail}`),
  INTERNAL: entry('internal', (f) => `${f.detail}`),
} satisfies Record<string, CatalogueEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof catalogue;

/** An error of the catalogue; `message` is complete and meant for the user. */
export class PorchlightError extends Error {
  override readonly name = 'PorchlightError';
  readonly code: ErrorCode;
  readonly facts: Facts;

  constructor(code: ErrorCode, facts: Facts = {}, options?: ErrorOptions) {
    super(catalogue[code].message(facts), options);
    this.code = code;
    this.facts = facts;
  }

  /** Whose mistake it is. */
  get kind(): 'user' | 'internal' {
    return catalogue[this.code].kind;
  }
}

/** The message of a catalogue entry without throwing, e.g. for a problem in a file. */
export function describe(code: ErrorCode, facts: Facts = {}): string {
  return catalogue[code].message(facts);
}
