import { cloudQueueUrl, queueArn } from '../queues/queueDefinition.ts';
import { entriesOf, getIn, scalarAt, textOf, type Tree, type UnresolvedTree } from './tree.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** What stands for the cloud's answers on this machine. */
export interface SamSurroundings {
  region: string;
  accountId: string;
  /** The name a function has here, by logical id. */
  functionName(logicalId: string): string | undefined;
  /** The queue that stands for one of the template, by logical id. */
  queueName(logicalId: string): string | undefined;
}

const deepest = 40;
const noValue = Symbol('AWS::NoValue');
type Value = Tree | typeof noValue;

/** Literal name properties of resources: what `!Ref` gives in the cloud. */
const nameProperties: Record<string, string> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Serverless::SimpleTable': 'TableName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::Events::EventBus': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Kinesis::Stream': 'Name',
};

/**
 * Replaces CloudFormation intrinsics as far as this machine can know: parameters by their defaults, pseudo parameters,
 * conditions, joins and substitutions. A resource without a name of its own stays unresolved.
 */
export class SamIntrinsics {
  readonly #template: Tree;
  readonly #around: SamSurroundings;

  constructor(template: Tree, around: SamSurroundings) {
    this.#template = template;
    this.#around = around;
  }

  /** The tree with its intrinsics replaced; undefined where it is `AWS::NoValue`. */
  resolve(tree: Tree): Tree | undefined {
    const value = this.#resolve(tree, 0);
    return value === noValue ? undefined : value;
  }

  #resolve(tree: Tree, depth: number): Value {
    if (depth > deepest) {
      return unresolved(tree, 'value', phrase('it refers to itself.'));
    }
    const call = intrinsicOf(tree);
    if (call) {
      return this.#call(call.name, call.argument, tree, depth + 1);
    }
    if (tree.kind === 'scalar' && typeof tree.value === 'string' && /\{\{resolve:/.test(tree.value)) {
      return unresolved(tree, tree.value, phrase('it is read at the deploy.'));
    }
    if (tree.kind === 'list') {
      const items = tree.items.map((item) => this.#resolve(item, depth + 1));
      return { ...tree, items: items.filter((item): item is Tree => item !== noValue) };
    }
    if (tree.kind === 'map') {
      const entries = new Map<string, { key: Tree['range']; value: Tree }>();
      for (const [name, entry, key] of entriesOf(tree)) {
        const value = this.#resolve(entry, depth + 1);
        if (value !== noValue) {
          entries.set(name, { key, value });
        }
      }
      return { ...tree, entries };
    }
    return tree;
  }

  #call(name: string, argument: Tree, at: Tree, depth: number): Value {
    switch (name) {
      case 'Ref':
        return this.#reference(textOf(argument) ?? '', at);
      case 'Sub':
        return this.#substitute(argument, at, depth);
      case 'GetAtt':
        return this.#attribute(argument, at);
      case 'Join':
        return this.#join(argument, at, depth);
      case 'Select': {
        const [index, list] = this.#arguments(argument, depth);
        const chosen = list?.kind === 'list' ? list.items[Number(index && textOf(index))] : list;
        return chosen ?? unresolved(at, expressionOf(name, argument));
      }
      case 'Split': {
        const [separator, text] = this.#arguments(argument, depth);
        const given = textOf(text);
        const parts = given?.split(textOf(separator) || ',').map((part) => scalarAt(at.range, part));
        return parts
          ? { kind: 'list', range: at.range, items: parts }
          : (asUnresolved(text) ?? unresolved(at, name));
      }
      case 'If':
        return this.#choose(argument, at, depth);
      case 'FindInMap': {
        const path = this.#arguments(argument, depth).map((part) => textOf(part) ?? '');
        const found = getIn(this.#template, 'Mappings', ...path);
        return found ? this.#resolve(found, depth) : unresolved(at, `!FindInMap [${path.join(', ')}]`);
      }
      case 'Base64': {
        const value = this.#resolve(argument, depth);
        const given = value === noValue ? undefined : textOf(value);
        return given === undefined
          ? unresolved(at, expressionOf(name, argument))
          : scalarAt(at.range, Buffer.from(given).toString('base64'));
      }
      case 'ImportValue':
        return unresolved(at, expressionOf(name, argument), phrase('it comes from another stack.'));
      default:
        return unresolved(at, expressionOf(name, argument));
    }
  }

  #arguments(argument: Tree, depth: number): Tree[] {
    const resolved = this.#resolve(argument, depth);
    return resolved !== noValue && resolved.kind === 'list' ? resolved.items : [];
  }

  #reference(name: string, at: Tree): Value {
    const pseudo = this.#pseudo(name);
    if (pseudo !== undefined) {
      return pseudo === noValue ? noValue : scalarAt(at.range, pseudo);
    }
    const parameter = getIn(this.#template, 'Parameters', name);
    if (parameter) {
      return this.#parameter(name, parameter, at);
    }
    const own = this.#around.functionName(name);
    if (own !== undefined) {
      return scalarAt(at.range, own);
    }
    const queue = this.#around.queueName(name);
    if (queue !== undefined) return scalarAt(at.range, cloudQueueUrl({ name: queue, ...this.#around }));
    const resource = getIn(this.#template, 'Resources', name);
    const type = textOf(getIn(resource, 'Type')) ?? '';
    const property = nameProperties[type];
    const named = property ? getIn(resource, 'Properties', property) : undefined;
    const literal = named && !intrinsicOf(named) ? textOf(named) : undefined;
    if (literal !== undefined && type !== 'AWS::SNS::Topic') {
      return scalarAt(at.range, literal);
    }
    // SAM makes these APIs by itself.
    const exists = resource ?? /^Serverless(Rest|Http)Api/.test(name);
    const known = exists
      ? phrase('it is known after the deploy.')
      : phrase('nothing is named "{name}" in this template.', { name });
    return unresolved(at, `!Ref ${name}`, known);
  }

  #parameter(name: string, parameter: Tree, at: Tree): Tree {
    const type = textOf(getIn(parameter, 'Type')) ?? 'String';
    const value = getIn(parameter, 'Default');
    if (/^AWS::SSM::/.test(type)) {
      return unresolved(at, `!Ref ${name}`, phrase('it is read from the parameter store.'));
    }
    if (value?.kind !== 'scalar') {
      return unresolved(at, `!Ref ${name}`, phrase('the parameter {name} has no Default.', { name }));
    }
    if (/List/.test(type)) {
      const items = value.source.split(',').map((item) => scalarAt(at.range, item.trim()));
      return { kind: 'list', range: at.range, items };
    }
    return scalarAt(at.range, value.source);
  }

  #pseudo(name: string): string | typeof noValue | undefined {
    const china = this.#around.region.startsWith('cn-');
    switch (name) {
      case 'AWS::Region':
        return this.#around.region;
      case 'AWS::AccountId':
        return this.#around.accountId;
      case 'AWS::StackName':
        return 'local';
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${this.#around.region}:${this.#around.accountId}:stack/local/local`;
      case 'AWS::Partition':
        return china ? 'aws-cn' : 'aws';
      case 'AWS::URLSuffix':
        return china ? 'amazonaws.com.cn' : 'amazonaws.com';
      case 'AWS::NoValue':
        return noValue;
      default:
        return undefined;
    }
  }

  #substitute(argument: Tree, at: Tree, depth: number): Value {
    const [text, values] = argument.kind === 'list' ? argument.items : [argument];
    const format = textOf(text);
    if (format === undefined) {
      return unresolved(at, '!Sub');
    }
    let failed: UnresolvedTree | undefined;
    const replaced = format.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, raw: string) => {
      if (literal) {
        return `\${${raw}}`;
      }
      const value = this.#variable(raw.trim(), values, at, depth);
      if (value !== noValue && value.kind === 'scalar') {
        return value.source;
      }
      failed ??= unresolved(
        at,
        `!Sub \${${raw}}`,
        value !== noValue ? asUnresolved(value)?.reason : undefined,
      );
      return '';
    });
    return failed ?? scalarAt(at.range, replaced);
  }

  #variable(name: string, values: Tree | undefined, at: Tree, depth: number): Value {
    const given = getIn(values, name);
    if (given) {
      return this.#resolve(given, depth + 1);
    }
    return name.includes('.') ? this.#attribute(scalarAt(at.range, name), at) : this.#reference(name, at);
  }

  #attribute(argument: Tree, at: Tree): Tree {
    const whole =
      argument.kind === 'list' ? argument.items.map((item) => textOf(item)).join('.') : textOf(argument);
    const dot = whole?.indexOf('.') ?? -1;
    const name = this.#around.functionName(whole?.slice(0, dot) ?? '');
    if (name !== undefined && whole!.slice(dot + 1) === 'Arn') {
      const { region, accountId } = this.#around;
      return scalarAt(at.range, `arn:aws:lambda:${region}:${accountId}:function:${name}`);
    }
    const queue = this.#around.queueName(whole?.slice(0, dot) ?? '');
    const attribute = queue === undefined ? undefined : this.#queueAttribute(queue, whole!.slice(dot + 1));
    if (attribute !== undefined) return scalarAt(at.range, attribute);
    return unresolved(at, `!GetAtt ${whole ?? ''}`, phrase('it is known after the deploy.'));
  }

  #queueAttribute(name: string, attribute: string): string | undefined {
    const queue = { name, ...this.#around };
    if (attribute === 'Arn') return queueArn(queue);
    if (attribute === 'QueueName') return name;
    return attribute === 'QueueUrl' ? cloudQueueUrl(queue) : undefined;
  }

  #join(argument: Tree, at: Tree, depth: number): Tree {
    const [separator, list] = this.#arguments(argument, depth);
    if (list?.kind !== 'list') {
      return asUnresolved(list) ?? unresolved(at, '!Join');
    }
    const failed = list.items.map(asUnresolved).find((item) => item);
    return failed
      ? unresolved(at, `!Join (${failed.expression})`, failed.reason)
      : scalarAt(at.range, list.items.map((item) => textOf(item) ?? '').join(textOf(separator) ?? ''));
  }

  #choose(argument: Tree, at: Tree, depth: number): Value {
    const [condition, yes, no] = argument.kind === 'list' ? argument.items : [];
    const truth = this.#truth(getIn(this.#template, 'Conditions', textOf(condition) ?? ''), depth);
    const branch = truth === undefined ? undefined : truth ? yes : no;
    const reason = phrase('its condition depends on what is known at the deploy.');
    return branch ? this.#resolve(branch, depth) : unresolved(at, `!If ${textOf(condition) ?? ''}`, reason);
  }

  /** Whether a condition holds; undefined when it depends on what is not known here. */
  #truth(condition: Tree | undefined, depth: number): boolean | undefined {
    const call = condition && depth < deepest ? intrinsicOf(condition) : undefined;
    if (!call) {
      return undefined;
    }
    const parts = call.argument.kind === 'list' ? call.argument.items : [];
    const truths = () => parts.map((part) => this.#truth(part, depth + 1));
    switch (call.name) {
      case 'Equals': {
        const [a, b] = parts.map((part) => {
          const value = this.#resolve(part, depth + 1);
          return value === noValue || value.kind !== 'scalar' ? undefined : value.source;
        });
        return a === undefined || b === undefined ? undefined : a === b;
      }
      case 'Not': {
        const [inner] = truths();
        return inner === undefined ? undefined : !inner;
      }
      case 'And':
        return truths().includes(false) ? false : truths().includes(undefined) ? undefined : true;
      case 'Or':
        return truths().includes(true) ? true : truths().includes(undefined) ? undefined : false;
      case 'Condition':
        return this.#truth(getIn(this.#template, 'Conditions', textOf(call.argument) ?? ''), depth + 1);
      default:
        return undefined;
    }
  }
}

/** An intrinsic in its short form (`!Ref X`) or its long one (`{ Ref: X }`, `{ Fn::Sub: … }`). */
export function intrinsicOf(tree: Tree): { name: string; argument: Tree } | undefined {
  if (tree.tag) {
    const { tag: _, ...argument } = tree;
    return { name: tree.tag.slice(1), argument: argument as Tree };
  }
  if (tree.kind === 'map' && tree.entries.size === 1) {
    const [name, argument] = entriesOf(tree)[0]!;
    if (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::')) {
      return { name: name.replace(/^Fn::/, ''), argument };
    }
  }
  return undefined;
}

function asUnresolved(tree: Tree | undefined): UnresolvedTree | undefined {
  return tree?.kind === 'unresolved' ? tree : undefined;
}

function expressionOf(name: string, argument: Tree): string {
  return `!${name} ${textOf(argument) ?? ''}`.trim();
}

function unresolved(at: Tree, expression: string, reason?: string | Phrase): UnresolvedTree {
  return { kind: 'unresolved', range: at.range, expression, ...(reason !== undefined && { reason }) };
}
