import { isKnownVariable } from '../../../../runtime/model/code/knownVariables.ts';
import { environmentUseOf } from './environment.ts';
import type { Finding, Rule } from './rule.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** SDKs take the region from their platform when they are given none. */
const hasSubstitute = /REGION$/i;

/** Variables the code depends on that neither the project file nor an `.env` file names, at each place. */
export const envNotGiven: Rule = {
  id: 'env-not-given',
  check({ code, facts }) {
    if (facts.environmentIsOpen || facts.language !== 'nodejs') return [];
    const { reads, writes, writesOthers } = environmentUseOf(code.file, code.text);
    if (writesOthers) return [];
    const provided = new Set(writes);
    const missing = reads.filter(
      ({ name, use }) =>
        use !== 'shown' &&
        !provided.has(name) &&
        !facts.environment.has(name) &&
        !isKnownVariable(name) &&
        !hasSubstitute.test(name),
    );
    const demanded = new Set(missing.flatMap(({ name, use }) => (use === 'demanded' ? name : [])));
    const optional = new Set(missing.flatMap(({ name, use }) => (use === 'optional' ? name : [])));
    const dependsOn = (name: string): boolean => demanded.has(name) || !optional.has(name);
    const starts = code.source.getLineStarts();
    return missing.flatMap(({ name, line, column, endColumn, use }): Finding[] => {
      if (use === 'optional' || !dependsOn(name)) return [];
      const lineStart = starts[line - 1] ?? 0;
      const message = l10n.t(
        'Nothing gives {function} the variable {name}: it is undefined here and in the cloud. State it in the project file, or in `.env` for this machine.',
        { function: facts.name, name },
      );
      return [{ start: lineStart + column - 1, end: lineStart + endColumn - 1, message, variable: name }];
    });
  },
};
