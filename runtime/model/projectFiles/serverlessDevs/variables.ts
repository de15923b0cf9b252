import { dirname, resolve as resolvePath } from 'node:path';
import { platformDefaults } from '../../platformDefaults.ts';
import type { ParseContext } from '../projectFile.ts';
import { entriesOf, getIn, scalarAt, type Tree, type UnresolvedTree } from '../tree.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** More than any sensible chain of variables; a circle ends here. */
const deepest = 20;

/**
 * Replaces `${…}` in values of an `s.yaml` (Serverless Devs): `vars`, `env`, `this.props`, `resources.<n>.props`,
 * `path`. What needs the cloud, credentials or other files stays unresolved, with its reason.
 */
export class ServerlessDevsVariables {
  readonly #root: Tree;
  readonly #context: ParseContext;
  /** What `${config('AccountID')}` is, where that may be put in. */
  #account: string | undefined;
  /** Files named by `${file(…)}` and `${json(file(…))}`. */
  readonly files = new Set<string>();

  constructor(root: Tree, context: ParseContext) {
    this.#root = root;
    this.#context = context;
  }

  /** The same as `resolve`, with this machine's account in place of the one that the credentials of a deploy name. */
  resolveSources(tree: Tree, resource: Tree): Tree {
    this.#account = platformDefaults('aliyun-fc').accountId;
    try {
      return this.resolve(tree, resource);
    } finally {
      this.#account = undefined;
    }
  }

  /** The tree with its variables replaced; `resource` is what `this` means. */
  resolve(tree: Tree, resource: Tree, depth = 0): Tree {
    switch (tree.kind) {
      case 'scalar':
        return typeof tree.value === 'string' && tree.value.includes('${')
          ? this.#resolveText(tree.value, tree, resource, depth)
          : tree;
      case 'list':
        return { ...tree, items: tree.items.map((item) => this.resolve(item, resource, depth)) };
      case 'map': {
        const entries = new Map<string, { key: Tree['range']; value: Tree }>();
        for (const [name, value, key] of entriesOf(tree)) {
          entries.set(name, { key, value: this.resolve(value, resource, depth) });
        }
        return { ...tree, entries };
      }
      default:
        return tree;
    }
  }

  #resolveText(text: string, at: Tree, resource: Tree, depth: number): Tree {
    const whole = /^\$\{([^{}]*)\}$/.exec(text);
    if (whole) {
      const value = this.#evaluate(whole[1]!, at, resource, depth);
      return { ...value, range: at.range };
    }
    let failed: UnresolvedTree | undefined;
    const replaced = text.replace(/\$\{([^{}]*)\}/g, (_, expression: string) => {
      const value = this.#evaluate(expression, at, resource, depth);
      if (value.kind === 'scalar') {
        return value.source;
      }
      failed ??= value.kind === 'unresolved' ? value : unresolved(at, expression, phrase('it is not text.'));
      return '';
    });
    return failed ?? scalarAt(at.range, replaced);
  }

  #evaluate(raw: string, at: Tree, resource: Tree, depth: number): Tree {
    const expression = raw.trim();
    if (depth >= deepest) {
      return unresolved(at, expression, phrase('it refers to itself.'));
    }
    const call = /^(\w+)\((.*)\)$/.exec(expression);
    if (call) {
      return this.#call(call[1]!, call[2]!.trim(), expression, at);
    }
    const [scope, ...path] = expression.split('.');
    const base = this.#scope(scope!, path, resource);
    const found = base && getIn(base.from, ...base.path);
    if (found) {
      return this.resolve(found, base.resource, depth + 1);
    }
    const reason =
      path[0] === 'output' || path[1] === 'output'
        ? phrase('it is known after the deploy.')
        : phrase('nothing of that name stands in this file.');
    return unresolved(at, expression, reason);
  }

  #scope(
    scope: string,
    path: string[],
    resource: Tree,
  ): { from: Tree; path: string[]; resource: Tree } | undefined {
    if (scope === 'vars') {
      return { from: this.#root, path: ['vars', ...path], resource };
    }
    if (scope === 'this') {
      return { from: resource, path, resource };
    }
    const other =
      scope === 'resources' && path[0] !== undefined ? getIn(this.#root, 'resources', path[0]) : undefined;
    if (other) return { from: other, path: path.slice(1), resource: other };
    // Editions before 3.0.0 name a service as it is: `${hello.props.function.name}`.
    const service = getIn(this.#root, 'services', scope);
    return service && { from: service, path, resource: service };
  }

  #call(name: string, rawArguments: string, expression: string, at: Tree): Tree {
    const [first = '', second] = splitArguments(rawArguments);
    switch (name) {
      case 'env': {
        const value = this.#context.variable(first) ?? second;
        const reason = phrase('the variable {first} is not set; give it a value in .env.', { first });
        return value === undefined ? unresolved(at, expression, reason) : scalarAt(at.range, value);
      }
      case 'path':
        return scalarAt(at.range, resolvePath(dirname(this.#context.file), first));
      case 'file':
      case 'json':
        this.files.add(/^file\(/.test(first) ? (splitArguments(first.slice(5, -1))[0] ?? first) : first);
        return unresolved(
          at,
          expression,
          phrase('values from other files are not read here; give it a value in .env.'),
        );
      case 'config':
        if (first === 'AccountID' && this.#account !== undefined) return scalarAt(at.range, this.#account);
        return unresolved(at, expression, phrase('it comes from the credentials of the deploy.'));
      default:
        return unresolved(at, expression, phrase('it is none of the variables Serverless Devs knows.'));
    }
  }
}

function splitArguments(text: string): string[] {
  const found = text.match(/'[^']*'|"[^"]*"|[^,]+/g) ?? [];
  return found.map((part) => part.trim().replace(/^(['"])(.*)\1$/, '$2'));
}

function unresolved(at: Tree, expression: string, reason: string | Phrase): UnresolvedTree {
  return { kind: 'unresolved', range: at.range, expression: `\${${expression}}`, reason };
}
