import { nearest } from '../../nearest.ts';
import { formatFileNames } from '../fileNames.ts';
import {
  fileLimits,
  type ParseContext,
  type ParsedProjectFile,
  type ProjectFileFormat,
} from '../projectFile.ts';
import { entriesOf, getIn, textOf, type Tree } from '../tree.ts';
import type { ProblemList } from '../problemList.ts';
import { readYaml } from '../yamlTree.ts';
import { readFunction } from './readFunction.ts';
import { topKeys } from './settings.ts';
import { substitute } from './substitution.ts';
import { phrase } from '../../../support/l10n.ts';

/** Reader of OpenFaaS's `stack.yaml`. */
export const stackYaml: ProjectFileFormat = {
  id: 'openfaas',
  fileNames: formatFileNames.openfaas,
  // Pulumi and others have files of this name, too.
  accepts: (text) => /^provider\s*:/m.test(text) && /\b(openfaas|faas)\b/.test(text),
  parse(text: string, context: ParseContext): ParsedProjectFile {
    const { tree, problems } = (context.readYaml ?? readYaml)(text, context.file);
    for (const [name, , key] of entriesOf(tree)) {
      if (topKeys.includes(name)) continue;
      problems.add('warning', 'SETTING_UNKNOWN', { key: name, nearest: nearest(name, topKeys) }, key);
    }
    const provider = textOf(getIn(tree, 'provider', 'name'));
    if (provider !== undefined && provider !== 'openfaas' && provider !== 'faas') {
      const facts = { path: 'provider.name', detail: phrase('expected openfaas.') };
      problems.add('warning', 'SETTING_INVALID', facts, getIn(tree, 'provider', 'name')!.range);
    }
    const includes = new Set<string>();
    const gateway = gatewayOf(tree, context, problems);
    const listed = entriesOf(getIn(tree, 'functions')).slice(0, fileLimits.functions);
    const functions = listed.map(([key, settings, range]) =>
      readFunction(key, range, settings, { context, problems, includes, gateway }),
    );
    return { functions, overlays: [], targets: [], problems: problems.problems, includes: [...includes] };
  },
};

/** Where the file says that functions are deployed to. */
function gatewayOf(tree: Tree | undefined, context: ParseContext, problems: ProblemList): string | undefined {
  const stated = getIn(tree, 'provider', 'gateway');
  const text = textOf(stated && substitute(stated, context))?.trim();
  if (!stated || !text) return undefined;
  if (/^https?:\/\/[^\s/]/.test(text)) return text.replace(/\/+$/, '');
  const facts = {
    path: 'provider.gateway',
    detail: phrase('expected an address such as http://127.0.0.1:8080.'),
  };
  problems.add('warning', 'SETTING_INVALID', facts, stated.range);
  return undefined;
}
