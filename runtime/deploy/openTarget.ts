import { PorchlightError } from '../model/errors.ts';
import type { TargetState } from '../model/deploy.ts';
import type { Project, TargetDefinition } from '../model/project.ts';
import { openAliyunFc } from './aliyun-fc/index.ts';
import { openAwsLambda } from './aws-lambda/index.ts';
import { openKnative } from './knative/index.ts';
import { openOpenFaas } from './openfaas/index.ts';
import type { DeployTarget } from './target.ts';
import type { TargetContext } from './targetContext.ts';
import { phrase } from '../support/l10n.ts';

type Open = (name: string, stated: Record<string, unknown>, context: TargetContext) => Promise<DeployTarget>;

/** Every type of target that is elsewhere. A new one is a folder beside this file and a line here. */
const types: Record<string, Open> = {
  'aliyun-fc': (name, stated, context) => openAliyunFc(name, stated, context),
  'aws-lambda': openAwsLambda,
  knative: (name, stated, context) => openKnative(name, stated, context),
  openfaas: (name, stated, context) => openOpenFaas(name, stated, context),
};

export interface OpenOptions extends TargetContext {
  local: DeployTarget;
  /** `targets:` of the project. */
  targets: readonly TargetDefinition[];
}

/**
 * Where functions of a project can go, `local` first: what it states, and by their own names the types that take
 * functions of its platforms and need nothing stated.
 */
export function listTargets({ functions, targets }: Pick<Project, 'functions' | 'targets'>): TargetState[] {
  const stated = targets.map(({ name, type }) => ({ name, type, stated: true }));
  const byItself = Object.keys(types).filter(
    (type) =>
      functions.some(({ platform }) => platform === type) && stated.every((target) => target.type !== type),
  );
  const local = { name: 'local', type: 'local', stated: true };
  const all = [local, ...stated, ...byItself.map((type) => ({ name: type, type, stated: false }))];
  return all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
}

/**
 * The target of a name: `local`, one that the project states, or a type by its own name with nothing stated. A
 * `TARGET_UNKNOWN` or `TARGET_SETTING` otherwise.
 */
export function openTarget(name: string, options: OpenOptions): Promise<DeployTarget> {
  const { local, targets } = options;
  const stated = targets.find((target) => target.name === name);
  const type = stated?.type ?? name;
  if (type === local.type) return Promise.resolve(local);
  const open = Object.hasOwn(types, type) ? types[type] : undefined;
  if (open) {
    const { type: _type, ...settings } = stated?.settings ?? {};
    return open(name, settings, options);
  }
  if (stated) {
    const known = [local.type, ...Object.keys(types)].join(', ');
    const detail = phrase('there is no type "{type}" (known: {known}).', { type, known });
    return Promise.reject(new PorchlightError('TARGET_SETTING', { target: name, detail }));
  }
  const known = [...new Set([local.name, ...targets.map(({ name: other }) => other)])].join(', ');
  return Promise.reject(new PorchlightError('TARGET_UNKNOWN', { target: name, known }));
}
