import { dirname, resolve as resolvePath } from 'node:path';
import type { FunctionDefinition } from '../../functionDefinition.ts';
import { quantityMB } from '../../kubernetesQuantity.ts';
import { platformDefaults } from '../../platformDefaults.ts';
import { splitCommand, type ProgramSettings } from '../../program.ts';
import { checkSettings } from '../checkSettings.ts';
import type { ProblemList } from '../problemList.ts';
import type { ParseContext, ParsedFunction, TextRange } from '../projectFile.ts';
import { checkDefinition, readEnvironment, reportUnresolved, type ReadEnvironment } from '../readSettings.ts';
import { getIn, mergeTrees, textOf, type Tree } from '../tree.ts';
import { readIncludedYaml } from '../yamlTree.ts';
import { containerSettings, textsIn } from './container.ts';
import { durationMs } from '../../goDuration.ts';
import { processSettings } from './processSettings.ts';
import { functionSettings } from './settings.ts';
import { substitute } from './substitution.ts';
import { localTemplate, templateFiles, templateOf, type LocalTemplate } from './templates.ts';
import { phrase } from '../../../support/l10n.ts';

const platform = 'openfaas';

/** What reading a function takes besides its settings. */
export interface StackFacts {
  context: ParseContext;
  problems: ProblemList;
  /** Files that were consulted, as the file names them. */
  includes: Set<string>;
  /** Where the file says that functions are deployed to. */
  gateway: string | undefined;
}

/** Reads one function of a `stack.yaml`. */
export function readFunction(
  key: string,
  nameRange: TextRange,
  given: Tree,
  facts: StackFacts,
): ParsedFunction {
  const { context, problems, includes } = facts;
  const about = { function: key };
  const tree = substitute(given, context);
  const settings = checkSettings(functionSettings, tree, key, problems, about) ?? {};
  reportUnresolved(tree, key, problems);
  const environment = readEnvironment(environmentOf(tree, key, facts), key, problems);
  const { env, unresolvedEnv } = environment;
  const lang = settings.lang === undefined ? '' : String(settings.lang).trim();
  const template = templateOf(lang);
  const own = template ? undefined : localTemplate(lang, context, problems);
  if (!template && lang !== '') for (const path of templateFiles(lang)) includes.add(path);
  const program = own
    ? templateProgram(own, settings.fprocess, environment)
    : programOf(settings.fprocess, environment, template !== undefined);
  const language = program ? 'custom' : (template?.language ?? 'container');
  if (language === 'container') tellTemplate(key, lang, tree, facts);
  tellSecrets(key, tree, problems);
  const defaults = platformDefaults(platform);
  const memory = settings.limits?.memory ?? settings.requests?.memory;
  const handlerTree = getIn(tree, 'handler');
  const langTree = getIn(tree, 'lang');
  const codePath = textOf(handlerTree)?.trim();
  const [image, namespace] = [settings.image, settings.namespace].map((text) => text && String(text).trim());
  const mount = `/function/${encodeURIComponent(key)}`;
  const definition: FunctionDefinition = {
    name: key,
    platform,
    language,
    // The classic one is told from Function Compute's runtime of this name.
    ...(lang !== '' && { runtime: lang === 'python3' ? 'python3-classic' : lang }),
    handler: program ? '' : (template?.handler ?? ''),
    codeRoot: resolvePath(dirname(context.file), codePath ?? '.'),
    process: processSettings({
      language,
      labels: textsIn(getIn(tree, 'labels')),
      env,
      perRequest: program?.protocol === 'watchdog-process',
      fixedPort: program?.port !== undefined,
    }),
    memoryMB: memoryOf(memory, key, tree, problems) ?? defaults.memoryMB,
    timeoutMs: timeoutOf(env, template?.timeoutMs ?? defaults.timeoutMs, key, tree, problems),
    env: { ...own?.env, ...env },
    ...(Object.keys(unresolvedEnv).length > 0 && { unresolvedEnv }),
    triggers: [{ kind: 'http', name: 'function', path: `${mount}/*`, mount, methods: [], shape: 'web' }],
    ...(program && { program }),
    ...(image && { image }),
    ...(namespace && { namespace }),
    container: containerSettings(tree, settings, facts.gateway),
    region: defaults.region,
    accountId: defaults.accountId,
    declaredAt: problems.positionOf(nameRange.start),
    ...(langTree && { runtimeAt: problems.positionOf(langTree.range.start) }),
  };
  if (language !== 'container') {
    const places = {
      handler: 'handler',
      memory: 'limits',
      timeout: 'environment',
      runtime: 'lang',
      name: '',
    };
    checkDefinition(definition, { tree, ...places }, problems);
  }
  return { key, definition, nameRange, ...(handlerTree && { codeRange: handlerTree.range }) };
}

/** Variables of `environment` over those of the files, as faas-cli merges them. */
function environmentOf(tree: Tree, key: string, facts: StackFacts): Tree | undefined {
  const { context, problems, includes } = facts;
  const named = getIn(tree, 'environment_file');
  let merged: Tree | undefined;
  for (const item of named?.kind === 'list' ? named.items : named ? [named] : []) {
    const name = textOf(item);
    if (name === undefined) continue;
    includes.add(name);
    const path = resolvePath(dirname(context.file), name);
    const found = context.include?.(path) ?? { why: 'missing' as const };
    if ('text' in found) {
      const read = readIncludedYaml(found.text, path, problems);
      merged = mergeTrees(merged, getIn(read, 'environment') ?? read, 'replace');
    } else {
      const detail =
        found.why === 'missing'
          ? phrase('there is no such file.')
          : phrase('it lies outside of the project or is too large.');
      problems.add('error', 'SETTING_INVALID', { path: `${key}.environment_file`, detail }, item.range, {
        function: key,
      });
    }
  }
  const own = getIn(tree, 'environment');
  return own?.kind === 'map' ? mergeTrees(merged, own, 'replace') : (merged ?? own);
}

/** A function that says what its watchdog starts is a program, whatever its template is. */
function programOf(
  fprocess: string | number | boolean | undefined,
  { env }: ReadEnvironment,
  hasTemplate: boolean,
): ProgramSettings | undefined {
  const command =
    env['function_process'] ?? env['fprocess'] ?? (fprocess === undefined ? '' : String(fprocess));
  if (command.trim() === '' || (hasTemplate && fprocess === undefined)) return undefined;
  const upstream = env['http_upstream_url'] ?? env['upstream_url'];
  const isServer = env['mode'] === 'http' || (env['mode'] === undefined && upstream !== undefined);
  if (!isServer) return { command: splitCommand(command), protocol: 'watchdog-process' };
  const port = Number(/:(\d{1,5})(?:\/|$)/.exec(upstream ?? '')?.[1]);
  return {
    command: splitCommand(command),
    protocol: 'watchdog-http',
    ...(port > 0 && port < 65_536 && { port }),
  };
}

/**
 * The program of a template that lies in the project: the code is laid into it, as its image would have it. What its image
 * builds besides (packages, compiled programs) is not made here.
 */
function templateProgram(
  { folder, handlerFolder, env, has }: LocalTemplate,
  fprocess: string | number | boolean | undefined,
  environment: ReadEnvironment,
): ProgramSettings | undefined {
  const whole = { ...environment, env: { ...env, ...environment.env } };
  const program = programOf(fprocess, whole, false);
  if (!program?.command) return undefined;
  const command = program.command.map((part) => {
    const path = part.replace(/^\.\//, '');
    return has(path) ? `$ARTIFACTS_DIR/${path}` : part;
  });
  return { ...program, command, assembly: { template: folder, codeInto: handlerFolder } };
}

function tellTemplate(key: string, lang: string, tree: Tree, { problems }: StackFacts): void {
  const at = getIn(tree, 'lang') ?? getIn(tree, 'image') ?? tree;
  const what =
    lang === ''
      ? phrase('it is an image alone, which is not run here.')
      : phrase('its template "{lang}" is built into an image, which is not run here.', { lang });
  const detail = phrase(
    '{what} To run it, state what its watchdog starts: fprocess, and in environment mode and upstream_url.',
    { what },
  );
  problems.add('info', 'CODE_UNSUPPORTED', { function: key, detail }, at.range, { function: key });
}

function tellSecrets(key: string, tree: Tree, problems: ProblemList): void {
  const secrets = getIn(tree, 'secrets');
  const names = secrets?.kind === 'list' ? secrets.items.map(textOf) : [];
  if (names.length === 0) return;
  const detail = phrase(
    'its secrets ({names}) are files in /var/openfaas/secrets in the cluster, which are missing here. Have the code read them from a folder that a variable names, and give that in .env.',
    { names: names.join(', ') },
  );
  problems.add('warning', 'CODE_UNSUPPORTED', { function: key, detail }, secrets!.range, { function: key });
}

function memoryOf(
  stated: string | number | boolean | undefined,
  key: string,
  tree: Tree,
  problems: ProblemList,
): number | undefined {
  if (stated === undefined) return undefined;
  const megabytes = typeof stated === 'boolean' ? undefined : quantityMB(stated);
  if (megabytes !== undefined && megabytes >= 1) return megabytes;
  const at = getIn(tree, 'limits', 'memory') ?? getIn(tree, 'requests', 'memory');
  const facts = { path: `${key}.limits.memory`, detail: phrase('expected an amount such as 128Mi or 1Gi.') };
  problems.add('error', 'SETTING_INVALID', facts, at!.range, { function: key });
  return undefined;
}

/** `exec_timeout`, within what the watchdog's own server gives an answer (`write_timeout`). */
function timeoutOf(
  env: Record<string, string>,
  otherwise: number,
  key: string,
  tree: Tree,
  problems: ProblemList,
): number {
  const read = (name: string): number | undefined => {
    const text = env[name];
    if (text === undefined) return undefined;
    const ms = durationMs(text);
    if (ms === undefined) {
      const at = getIn(tree, 'environment', name) ?? tree;
      const facts = {
        path: `${key}.environment.${name}`,
        detail: phrase('expected a duration such as 10s or 1m30s.'),
      };
      problems.add('error', 'SETTING_INVALID', facts, at.range, { function: key });
    }
    return ms;
  };
  const [exec, write] = [read('exec_timeout') ?? otherwise, read('write_timeout')];
  const longest = platformDefaults(platform).timeoutBounds.max;
  // None is no end.
  const limit = exec === 0 ? longest : exec;
  if (write === undefined || write === 0 || write >= limit) return limit;
  const detail = phrase('write_timeout ({write} s) ends answers before exec_timeout ({limit} s) does.', {
    write: write / 1000,
    limit: limit / 1000,
  });
  const at = getIn(tree, 'environment', 'write_timeout') ?? tree;
  problems.add('warning', 'SETTING_INVALID', { path: `${key}.environment.write_timeout`, detail }, at.range, {
    function: key,
  });
  return write;
}
