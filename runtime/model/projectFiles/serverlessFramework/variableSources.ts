import { dirname, extname, relative, resolve as resolvePath } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import type { ProblemList } from '../problemList.ts';
import type { IncludedFile, ParseContext } from '../projectFile.ts';
import { getIn, scalarAt, toPlain, type Tree } from '../tree.ts';
import { readIncludedYaml } from '../yamlTree.ts';
import { unresolved, type Resolver, type VariableSource } from './variables.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** What stands for the options of a deploy and for the cloud's own facts on this machine. */
export interface Surroundings {
  stage: string;
  region: string;
  accountId: string;
}

/** More files than any project includes. */
const mostFiles = 100;

const inCloud: Record<string, Phrase> = {
  cf: phrase('it is known after the deploy of that stack.'),
  ssm: phrase('it lies in the parameter store.'),
  s3: phrase('it lies in a bucket.'),
  output: phrase('it is known after the deploy of that service.'),
  terraform: phrase("it lies in Terraform's state."),
  vault: phrase('it lies in a vault.'),
  doppler: phrase('it lies in a vault.'),
  git: phrase('what git says is not asked for here.'),
};

const remedy = phrase('Give it a value behind a comma, or give the variable of the function one in .env.');

/**
 * The kinds of variables of the Serverless Framework (its documentation, "Variables"): `self`, `opt`, `env`, `param`,
 * `file`, `sls`, `aws` and `strToBool` are known here, the cloud's are not.
 */
export class VariableSources {
  readonly #root: Tree;
  readonly #context: ParseContext;
  readonly #problems: ProblemList;
  readonly #around: () => Surroundings;
  readonly #files = new Map<string, Tree | IncludedFile>();
  #dotenv: Record<string, string> | undefined;

  constructor(root: Tree, context: ParseContext, problems: ProblemList, around: () => Surroundings) {
    this.#root = root;
    this.#context = context;
    this.#problems = problems;
    this.#around = around;
  }

  /** Absolute paths of the files that were asked for, missing ones included. */
  get files(): string[] {
    return [...this.#files.keys()];
  }

  readonly find = (type: string): VariableSource | undefined => {
    const own = Object.hasOwn(this.#own, type) ? this.#own[type] : undefined;
    return own ?? (Object.hasOwn(inCloud, type) ? this.#cloud : undefined);
  };

  readonly #own: Record<string, VariableSource> = {
    self: ({ address = '' }, at, resolver) =>
      withText(address, at, resolver, (path) => this.#self(path, at, resolver)),
    opt: ({ address = '' }, at, resolver) =>
      withText(address, at, resolver, (name) => this.#option(name, at, resolver.last)),
    env: ({ address = '' }, at, resolver) =>
      withText(address, at, resolver, (name) => this.#environment(name, at)),
    param: ({ address = '' }, at, resolver) =>
      withText(address, at, resolver, (name) => this.#parameter(name, at, resolver)),
    sls: ({ address }, at) =>
      address === 'stage'
        ? scalarAt(at.range, this.#around().stage)
        : // A random number in the cloud; here functions would seem to change with every look.
          address === 'instanceId'
          ? scalarAt(at.range, 'local')
          : undefined,
    aws: (choice, at, resolver) => {
      const { region, accountId } = this.#around();
      if (choice.address === 'region') return scalarAt(at.range, region);
      if (choice.address === 'accountId') return scalarAt(at.range, accountId);
      return this.#cloud(choice, at, resolver);
    },
    file: ({ parameters = '', address = '' }, at, resolver) =>
      withText(parameters, at, resolver, (path) =>
        withText(address, at, resolver, (below) => this.#file(path, below, at, resolver)),
      ),
    strToBool: ({ parameters = '' }, at, resolver) =>
      withText(parameters, at, resolver, (text) => {
        const word = unquoted(text).toLowerCase();
        if (/^(true|1)$/.test(word)) return scalarAt(at.range, true);
        if (/^(false|0)$/.test(word)) return scalarAt(at.range, false);
        return unresolved(at, `\${strToBool(${text})}`, phrase('it takes true, false, 1 or 0.'));
      }),
  };

  readonly #cloud: VariableSource = ({ type, parameters, address }, at) => {
    const kind = type === 'aws' ? (/^\w+/.exec(address ?? '')?.[0] ?? '') : type;
    const expression = `\${${type}${parameters === undefined ? '' : `(${parameters})`}:${address ?? ''}}`;
    const reason = phrase('{first} {rest}', {
      first: inCloud[kind] ?? phrase('it is known in the cloud only.'),
      rest: remedy,
    });
    return unresolved(at, expression, reason, { cloud: true });
  };

  #self(address: string, at: Tree, resolver: Resolver): Tree | undefined {
    const path = stepsOf(address);
    const found = resolver.walk(this.#root, path);
    if (path.join('.') === 'service' && found?.kind === 'map') return resolver.walk(found, ['name']);
    if (found && !(found.kind === 'scalar' && found.value === null)) return found;
    // The framework fills these in.
    if (address === 'provider.stage') return scalarAt(at.range, this.#around().stage);
    if (address === 'provider.region') return scalarAt(at.range, this.#around().region);
    return found ?? undefined;
  }

  /** Nobody gives options here: what a deploy would have by default stands where nothing else does. */
  #option(name: string, at: Tree, last: boolean): Tree | undefined {
    if (!last) return undefined;
    if (name === 'stage' || name === 's') return scalarAt(at.range, this.#around().stage);
    if (name === 'region' || name === 'r') return scalarAt(at.range, this.#around().region);
    const reason = phrase(
      "it is an option of the command line. Give it a value behind a comma: ${opt:{name}, 'value'}.",
      { name },
    );
    return unresolved(at, `\${opt:${name}}`, reason);
  }

  #environment(name: string, at: Tree): Tree {
    const value = this.#stageVariables()[name] ?? this.#context.variable(name);
    const reason = phrase('the variable {name} is not set; give it a value in .env.', { name });
    return value === undefined ? unresolved(at, `\${env:${name}}`, reason) : scalarAt(at.range, value);
  }

  /** What `.env.<stage>` and the files of `useDotenv` say; `.env` itself is the context's. */
  #stageVariables(): Record<string, string> {
    if (this.#dotenv) return this.#dotenv;
    this.#dotenv = {};
    const setting = toPlain(getIn(this.#root, 'useDotenv'));
    if (setting === false || !this.#context.include) return this.#dotenv;
    const { stage } = this.#around();
    const folder = dirname(this.#context.file);
    const more = (Array.isArray(setting) ? setting : [setting]).filter((item) => typeof item === 'string');
    const places = more.flatMap((path) => [path, `${path}/.env.${stage}`, `${path}/.env`]);
    // The first one that has a variable wins.
    for (const place of [`.env.${stage}`, ...places].reverse()) {
      const path = resolvePath(folder, place);
      const found = this.#context.include(path);
      this.#files.set(path, found);
      if ('text' in found) Object.assign(this.#dotenv, parseDotenv(found.text));
    }
    return this.#dotenv;
  }

  #parameter(name: string, at: Tree, resolver: Resolver): Tree {
    const { stage } = this.#around();
    for (const path of [
      ['stages', stage, 'params', name],
      ['params', stage, name],
      ['stages', 'default', 'params', name],
      ['params', 'default', name],
    ]) {
      const found = resolver.walk(this.#root, path);
      if (found) return found;
    }
    const reason = phrase('no such parameter stands under params for the stage {stage}.', { stage });
    return unresolved(at, `\${param:${name}}`, reason);
  }

  #file(written: string, below: string, at: Tree, resolver: Resolver): Tree | undefined {
    const name = unquoted(written);
    const expression = `\${file(${name})${below === '' ? '' : `:${below}`}}`;
    const path = resolvePath(dirname(this.#context.file), name);
    const extension = extname(name).toLowerCase();
    if (/^\.[cm]?[jt]s$/.test(extension)) {
      const reason = phrase('it is code, which is not run to read a project. {remedy}', { remedy });
      return unresolved(at, expression, reason);
    }
    const found = this.#read(path, extension);
    if ('kind' in found) return resolver.walk(found, stepsOf(below));
    if ('text' in found) return scalarAt(at.range, found.text);
    // A file that is not there is no mistake where a fallback stands behind it.
    if (found.why === 'missing' && !resolver.last) return undefined;
    return unresolved(at, expression, reasons[found.why]);
  }

  #read(path: string, extension: string): Tree | IncludedFile {
    const known = this.#files.get(path);
    if (known) return known;
    const found: IncludedFile =
      this.#files.size < mostFiles ? (this.#context.include?.(path) ?? { why: 'missing' }) : { why: 'large' };
    const isTree = 'text' in found && /^\.(ya?ml|json|tfstate)$/.test(extension);
    const read = isTree
      ? (readIncludedYaml(found.text, path, this.#problems) ?? scalarAt({ start: 0, end: 0 }, null))
      : found;
    this.#files.set(path, read);
    return read;
  }
}

const reasons: Record<'missing' | 'outside' | 'large', Phrase> = {
  missing: phrase('there is no such file. Correct the path.'),
  outside: phrase('the file lies outside of the folder that is open. Open the folder above to have it read.'),
  large: phrase('the file is too large, or one of too many.'),
};

/** Steps of an address such as `custom.list.0.name` or `list[0]`. */
function stepsOf(address: string): string[] {
  return address
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map((step) => step.trim())
    .filter((step) => step !== '');
}

function unquoted(text: string): string {
  return text.trim().replace(/^(['"])(.*)\1$/s, '$2');
}

function withText(
  text: string,
  at: Tree,
  resolver: Resolver,
  use: (text: string) => Tree | undefined,
): Tree | undefined {
  if (!text.includes('${')) return use(text);
  const resolved = resolver.text(text, at);
  return typeof resolved === 'string' ? use(resolved) : resolved;
}

/** Paths as a project file would write them, from its own folder. */
export function relativePaths(files: string[], projectFile: string): string[] {
  return files.map((file) => relative(dirname(projectFile), file));
}
