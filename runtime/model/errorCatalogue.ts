/*
 * Every error a user can meet: a stable code, whose mistake it is, and a message that says what happened, why, and what
 * to do. Messages are built here, from facts, as phrases: logs and records have them in English, clients show them in
 * their reader's language.
 */

import { phrase, type Phrase } from '../support/l10n.ts';

/** What an error is about. A sentence among them is a phrase where we know it, or English where others said it. */
export type Facts = Record<string, string | number | Phrase | undefined>;

interface CatalogueEntry {
  /** `user`: something to change in the project or the call. `internal`: ours. */
  kind: 'user' | 'internal';
  message: (facts: Facts) => Phrase;
}

const entry = (kind: CatalogueEntry['kind'], message: CatalogueEntry['message']): CatalogueEntry => ({
  kind,
  message,
});

const none = phrase('none');

const didYouMean = (nearest: Facts[string]): Phrase | undefined =>
  nearest ? phrase(' Did you mean "{nearest}"?', { nearest }) : undefined;

/** All errors by code. */
export const catalogue = {
  PROJECT_NOT_FOUND: entry('user', (f) =>
    phrase(
      'No functions found in {root}. Porchlight looks for porchlight.yaml, s.yaml, template.yaml (SAM), serverless.yml, func.yaml (Knative), stack.yaml (OpenFaaS) or a file that exports a handler. Add one, or open the folder that has it.',
      f,
    ),
  ),
  FUNCTION_UNKNOWN: entry('user', (f) =>
    phrase('There is no function named "{name}". Known functions: {known}.', {
      ...f,
      known: f.known || none,
    }),
  ),
  YAML_SYNTAX: entry('user', (f) =>
    phrase(
      'This YAML cannot be read: {detail} Correct this line; what follows it may be read wrongly until then.',
      f,
    ),
  ),
  SETTING_INVALID: entry('user', (f) => phrase('{path}: {detail}', f)),
  SETTING_UNKNOWN: entry('user', (f) =>
    f.nearest
      ? phrase('Unknown key "{key}"; did you mean "{nearest}"?', f)
      : phrase('Unknown key "{key}".', f),
  ),
  VALUE_UNRESOLVED: entry('user', (f) =>
    f.detail
      ? phrase('{expression} cannot be resolved on this machine: {detail}', f)
      : phrase('{expression} cannot be resolved on this machine.', f),
  ),
  LANGUAGE_LATER: entry('user', (f) =>
    phrase(
      '{function} is written for {runtime}. Porchlight lists it, but runs Node.js, Python and PHP functions and programs (language: custom) only so far.',
      f,
    ),
  ),
  LANGUAGE_NOT_OFFERED: entry('user', (f) =>
    phrase(
      "{function}: {platform} has no runtime for {language}. Run it there as a program (language: custom, with a command such as ./bootstrap of your own or a layer's), or choose another platform.",
      f,
    ),
  ),
  RUNTIME_ENDED: entry('user', (f) =>
    f.successor
      ? phrase(
          '{platform} has not supported the runtime {runtime} since {date}: it gets no security updates, and functions with it can soon be neither created nor updated. Use {successor}.',
          f,
        )
      : phrase(
          '{platform} has not supported the runtime {runtime} since {date}: it gets no security updates, and functions with it can soon be neither created nor updated.',
          f,
        ),
  ),
  CODE_UNSUPPORTED: entry('user', (f) => phrase('{function}: {detail}', f)),
  FUNCTION_DUPLICATE: entry('user', (f) =>
    phrase(
      '"{name}" is declared more than once; this one is listed as "{listed}". Give it a name of its own.',
      f,
    ),
  ),
  ROUTE_CONFLICT: entry('user', (f) => phrase('{function}: {route} is never reached: {detail}', f)),
  FILE_UNREADABLE: entry('user', (f) =>
    phrase('{file} cannot be read: {detail} Correct its rights or remove it.', f),
  ),
  VARIABLE_MISSING: entry('user', (f) =>
    f.detail
      ? phrase(
          '{function}: the variable {name} has no value on this machine ({detail}). Give it one in .env or .env.{function}.',
          f,
        )
      : phrase(
          '{function}: the variable {name} has no value on this machine. Give it one in .env or .env.{function}.',
          f,
        ),
  ),
  VARIABLES_NOT_GIVEN: entry('user', (f) =>
    phrase(
      '{function}: the code reads {names}, but nothing gives {them} a value on this machine. Add {them} to .env or .env.{function}, or to the environment in the project file.',
      f,
    ),
  ),
  HANDLER_MISSING: entry('user', (f) =>
    f.nearest
      ? phrase(
          '{function}: no handler is given. Add one as file.export, e.g. "index.handler". No other file declares it either; did you mean "{nearest}"?',
          f,
        )
      : phrase('{function}: no handler is given. Add one as file.export, e.g. "index.handler".', f),
  ),
  HANDLER_INVALID: entry('user', (f) =>
    phrase(`Invalid handler '{handler}': write it as file.export, e.g. "index.handler".`, f),
  ),
  MODULE_MISSING: entry('user', (f) =>
    f.nearest
      ? phrase(`Module '{module}' is missing. Did you mean "{nearest}"?`, f)
      : phrase("Module '{module}' is missing. Correct the handler or the code folder.", f),
  ),
  EXPORT_MISSING: entry('user', (f) =>
    f.nearest
      ? phrase(`Handler '{export}' is missing on module '{module}'. Did you mean "{nearest}"?`, f)
      : phrase("Handler '{export}' is missing on module '{module}'. Export it, or correct the handler.", f),
  ),
  BUILD_FAILED: entry('user', (f) =>
    phrase('{file}:{line}:{column}: {detail} Correct the line and save.', f),
  ),
  PROGRAM_NOT_BUILT: entry('user', (f) =>
    f.output
      ? phrase('{function} cannot be built: {detail} Correct it and save.\n{output}', f)
      : phrase('{function} cannot be built: {detail} Correct it and save.', f),
  ),
  INTERPRETER_MISSING: entry('user', (f) =>
    f.detail
      ? phrase('{language} is not found ({detail}). {remedy}', f)
      : phrase('{language} is not found. {remedy}', f),
  ),
  INTERPRETER_INSTEAD: entry('user', (f) =>
    phrase('{function}: {wanted}, but {detail}; {label} runs it instead. {remedy}', f),
  ),
  EVENT_NOT_JSON: entry('user', (f) =>
    phrase('The event is not JSON: {detail} Lambda handlers get parsed JSON; correct {source}.', f),
  ),
  EVENT_TOO_LARGE: entry('user', (f) =>
    phrase('The event has {bytes} bytes; the platform accepts at most {limit}.', f),
  ),
  EVENT_UNCLEAR: entry('user', (f) => phrase('It is not clear whose events these are: {detail}', f)),
  EXPECTATION_ALONE: entry('user', (f) => phrase('This expectation is not used. {detail}', f)),
  TEST_UNKNOWN: entry('user', (f) => phrase('There is no saved event "{id}" (any more).', f)),
  CALLS_CIRCLE: entry('user', (f) =>
    phrase(
      'This call of "{function}" was stopped: {detail} Functions call each other in a circle; break it, or raise maxInstances if it ends by itself.',
      f,
    ),
  ),
  START_KIND_UNAVAILABLE: entry('user', (f) =>
    phrase('No warm instance of "{name}" is there. Invoke it once first, or leave out --warm.', f),
  ),
  PORT_IN_USE: entry('user', (f) =>
    phrase(
      'Port {port} is in use by another program. Choose another with --port, or --port 0 for any free one.',
      f,
    ),
  ),
  HOST_RUNNING: entry('user', (f) =>
    f.gateway
      ? phrase(
          'A Porchlight host already runs for {root} at {gateway} (pid {pid}). Use it, or stop it first.',
          f,
        )
      : phrase('A Porchlight host already runs for {root} (pid {pid}). Use it, or stop it first.', f),
  ),
  NODE_UNSUITABLE: entry('user', (f) =>
    phrase(
      '{detail} Porchlight needs Node.js {minimum} or newer: install it, or set porchlight.nodePath to it.',
      f,
    ),
  ),
  STATE_FOLDER_UNUSABLE: entry('user', (f) =>
    phrase(
      'Porchlight cannot keep its state in {folder}: {detail}. Make the folder writable, remove what lies in its place, or work on a copy.',
      f,
    ),
  ),
  HOST_START_FAILED: entry('internal', (f) =>
    phrase(
      'The runtime host of {root} did not start: {detail} The log has more; correct the cause and restart the host.',
      f,
    ),
  ),
  WORKSPACE_UNTRUSTED: entry('user', () =>
    phrase(
      'This workspace is not trusted, so nothing of it is run. Trust it to run, debug and deploy its functions.',
    ),
  ),
  HOST_UNREACHABLE: entry('internal', (f) =>
    phrase('The runtime host of {root} does not answer: {detail}', f),
  ),
  PROTOCOL_VERSION: entry('user', (f) =>
    phrase(
      'The running host speaks protocol version {theirs}, this program {ours}. Stop the host and start it with the same version of Porchlight.',
      f,
    ),
  ),
  DEBUGGER_BUSY: entry('user', () =>
    phrase('Another window is debugging this folder. Stop debugging there first.'),
  ),
  REQUEST_INVALID: entry('user', (f) => phrase('This cannot be answered: {detail}.', f)),
  INSTANCE_UNKNOWN: entry('user', (f) => phrase('There is no instance "{instance}" (any more).', f)),
  INVOCATION_UNKNOWN: entry('user', (f) => phrase('There is no invocation "{id}" (any more).', f)),
  EVENT_CUT: entry('user', (f) =>
    phrase(
      'The event of this invocation has {bytes} bytes, of which only {kept} were recorded, so it cannot be sent again as it was. Send it anew from where it came from, or replay with an event of your own.',
      f,
    ),
  ),
  INVOCATION_AMBIGUOUS: entry('user', (f) =>
    phrase('Several invocations are called "{id}": {known}. Give more of the id.', f),
  ),
  NO_FAILURE: entry('user', (f) => phrase('No invocation of {root} has failed, as far as is recorded.', f)),
  PROFILE_IMPOSSIBLE: entry('user', (f) => phrase('{function} cannot be profiled: {detail}', f)),
  LOAD_RUNNING: entry('user', (f) =>
    phrase('{function} is under load already. Wait until that has ended, or cancel it.', f),
  ),
  PROFILE_UNKNOWN: entry('user', (f) =>
    phrase('There is no earlier profile of {function} to compare with: {detail}', f),
  ),
  TRIGGER_INVALID: entry('user', (f) => phrase('{path}: {detail}', f)),
  TRIGGER_UNKNOWN: entry('user', (f) =>
    phrase('{function} has no trigger named "{trigger}". Its triggers: {known}.', {
      ...f,
      known: f.known || none,
    }),
  ),
  TRIGGER_NOT_CHOSEN: entry('user', (f) =>
    phrase('{function} has several triggers; name the one to fire: {known}.', f),
  ),
  TRIGGER_BROKEN: entry('user', (f) =>
    phrase('The trigger "{trigger}" of {function} cannot be used: {detail}', f),
  ),
  TRIGGER_HTTP: entry('user', (f) =>
    phrase('"{trigger}" of {function} is an HTTP trigger: send a request to {url} instead.', {
      ...f,
      url: f.url || phrase('its address'),
    }),
  ),
  TRIGGER_ACTION: entry('user', (f) => phrase('The trigger "{trigger}" of {function}: {detail}', f)),
  SAMPLE_UNKNOWN: entry('user', (f) =>
    phrase('{missing} porchlight sample --list shows all.', {
      missing: f.platform
        ? phrase('There is no sample "{kind}" of {platform}.{nearest}', {
            ...f,
            nearest: didYouMean(f.nearest),
          })
        : phrase('There is no sample "{kind}".{nearest}', { ...f, nearest: didYouMean(f.nearest) }),
    }),
  ),
  SAMPLE_FIELD: entry('user', (f) =>
    phrase('The sample "{kind}" has no field "{field}". Its fields: {known}.', f),
  ),
  DELIVERY_REFUSED: entry('user', (f) =>
    phrase('The event for {function} was not taken: {detail} Wait for what is under way.', f),
  ),
  QUEUE_UNKNOWN: entry('user', (f) =>
    phrase('There is no queue or topic "{queue}". Known: {known}.', { ...f, known: f.known || none }),
  ),
  QUEUE_NO_DEAD_LETTERS: entry('user', (f) =>
    phrase(
      '{queue} is no dead-letter queue of another one, so there is nothing to move back. Dead-letter queues: {known}.',
      { ...f, known: f.known || none },
    ),
  ),
  MESSAGE_REFUSED: entry('user', (f) => phrase('The message was not sent to {queue}: {detail}', f)),
  TARGET_UNKNOWN: entry('user', (f) =>
    phrase('There is no deploy target "{target}". Known targets: {known}.', f),
  ),
  TARGET_TAKES_NONE: entry('user', (f) =>
    phrase(
      'Nothing of this project goes to "{target}": it takes functions of {platforms}. Name another target, or set platform: in porchlight.yaml.',
      f,
    ),
  ),
  TARGET_REFUSES: entry('user', (f) =>
    phrase(
      '{function} follows {platform} and cannot go to "{target}". Name another target, or set platform: in porchlight.yaml.',
      f,
    ),
  ),
  TARGET_SETTING: entry('user', (f) =>
    phrase('Target "{target}": {detail} Say so under targets in porchlight.yaml.', f),
  ),
  TARGET_OBJECTS: entry('user', (f) => phrase('{function}: {detail}', f)),
  NOT_DEPLOYED: entry('user', (f) =>
    phrase(
      '{function} is not deployed to "{target}". Deploy it first: porchlight deploy --target {target}',
      f,
    ),
  ),
  DEPLOY_OVERTAKEN: entry('user', (f) =>
    phrase('{function} was changed by somebody else meanwhile. Look at a new plan, and deploy again.', f),
  ),
  CREDENTIALS_MISSING: entry('user', (f) => phrase('No credentials for {service} were found. {remedy}', f)),
  CREDENTIALS_REFUSED: entry('user', (f) =>
    phrase('{service} does not take the credentials ({code}): {detail} {remedy}', f),
  ),
  CLOUD_REFUSED: entry('user', (f) => phrase('{service} refused {action} ({code}): {detail}', f)),
  CLOUD_UNREACHABLE: entry('user', (f) =>
    phrase('{service} cannot be reached at {endpoint} ({action}): {detail}', f),
  ),
  PLAN_UNKNOWN: entry('user', () => phrase('This plan is no longer current. Make a new one.')),
  DEPLOY_BLOCKED: entry('user', (f) => phrase('Nothing was deployed: {detail}', f)),
  DEPLOY_FAILED: entry('user', (f) =>
    f.previous
      ? phrase('{function}: {detail} Version {previous} goes on serving.', f)
      : phrase('{function}: {detail} Nothing of it is deployed.', f),
  ),
  LIMIT_EXCEEDED: entry('user', (f) => phrase('{function}: {what} is {value}; {platform} takes {limit}.', f)),
  RESERVED_VARIABLE: entry('user', (f) =>
    phrase(
      '{function}: {platform} sets the variable {name} itself, so your value is ignored. Choose another name.',
      f,
    ),
  ),
  LINK_OUTSIDE: entry('user', (f) =>
    phrase('The link {path} leads out of the project, to {target}. Copy what it leads to, or remove it.', f),
  ),
  LINK_BROKEN: entry('user', (f) => phrase('The link {path} leads nowhere and is left out.', f)),
  KEY_LEFT_OUT: entry('user', (f) =>
    phrase(
      '{path} looks like a private key and is left out of the package. Pass it by an environment variable or a secret store.',
      f,
    ),
  ),
  PACKAGE_MISSING: entry('user', (f) =>
    phrase(
      'The package "{package}" is needed but not installed. Install it, or take it out of the dependencies.',
      f,
    ),
  ),
  REQUIREMENTS_NOT_SHIPPED: entry('user', (f) =>
    phrase(
      'requirements.txt names {names}, not found beside the code: what is sent will not have them. Install them there: pip install -r requirements.txt -t {folder}',
      f,
    ),
  ),
  COMPOSER_NOT_INSTALLED: entry('user', (f) =>
    phrase(
      'composer.json requires packages, but vendor/autoload.php does not lie beside the code: what is sent will not have them. Install them there: composer install --no-dev --working-dir {folder}',
      f,
    ),
  ),
  PACKAGE_NOT_SHIPPED: entry('user', (f) =>
    phrase(
      'The package "{package}" is used here but is no dependency of package.json, so it is not deployed. Add it to "dependencies".',
      f,
    ),
  ),
  NATIVE_CODE_FOREIGN: entry('user', (f) =>
    phrase(
      '{function}: {name} holds native code for {found} alone; where it is sent it is {machine}. {remedy}',
      f,
    ),
  ),
  GLIBC_NEWER: entry('user', (f) =>
    phrase(
      '{function}: its program was linked with glibc {needed}; where it is sent there is {there}. Build it on an older system, or statically (CGO_ENABLED=0 for Go, musl for Rust).',
      f,
    ),
  ),
  PACKAGE_TOO_LARGE: entry('user', (f) =>
    phrase(
      "{folder} holds more than {files} files or {megabytes} MB. Point the code folder at the function's own code.",
      f,
    ),
  ),
  VERSION_UNKNOWN: entry('user', (f) =>
    f.version
      ? phrase('{function} has no version {version} on {target}.', f)
      : phrase('{function} has no version before the current one on {target}.', f),
  ),
  SERVE_FAILED: entry('internal', (f) => phrase('The serving process did not start: {detail}', f)),
  USAGE: entry('user', (f) => phrase('{detail}', f)),
  INTERNAL: entry('internal', (f) => phrase('{detail}', f)),
} satisfies Record<string, CatalogueEntry>;
