import type { PlatformId } from './words.ts';
import { type Phrase, phrase } from '../support/l10n.ts';

/** What a platform takes as a function's name. */
export interface NameRule {
  pattern: RegExp;
  /** The same for people, without a full stop. */
  text: Phrase;
}

const label = {
  pattern: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  text: phrase('at most 63 small letters, digits and -, beginning with a letter and not ending with -'),
};

/** Service models of the clouds' APIs; Knative's and OpenFaaS's functions become Kubernetes services (DNS label, RFC 1035). */
const rules: Record<PlatformId, NameRule> = {
  'aliyun-fc': {
    pattern: /^[A-Za-z_][\w-]{0,63}$/,
    text: phrase('at most 64 letters, digits, - and _, not beginning with a digit or -'),
  },
  'aws-lambda': { pattern: /^[A-Za-z0-9_-]{1,64}$/, text: phrase('at most 64 letters, digits, - and _') },
  knative: label,
  openfaas: {
    pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    text: phrase('at most 63 small letters, digits and -, not beginning or ending with -'),
  },
};

/** The rule for names of a platform's functions; undefined for a platform that nobody knows. */
export function nameRule(platform: PlatformId): NameRule | undefined {
  return rules[platform];
}
