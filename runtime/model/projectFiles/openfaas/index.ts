import { nearest } from '../../nearest.ts';
import { formatFileNames } from '../fileNames.ts';
import {
  fileLimits,
  type ParseContext,
  type ParsedProjectFile,
  type ProjectFileFormat,
} from '../projectFile.ts';
import { entriesOf, getIn, textOf } from '../tree.ts';
import { readYaml } from '../yamlTree.ts';
import { readFunction } from './readFunction.ts';
import { topKeys } from './settings.ts';

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
      const facts = { path: 'provider.name', detail: 'expected openfaas.' };
      problems.add('warning', 'SETTING_INVALID', facts, getIn(tree, 'provider', 'name')!.range);
    }
    const includes = new Set<string>();
    const listed = entriesOf(getIn(tree, 'functions')).slice(0, fileLimits.functions);
    const functions = listed.map(([key, settings, range]) =>
      readFunction(key, range, settings, { context, problems, includes }),
    );
    return { functions, overlays: [], targets: [], problems: problems.problems, includes: [...includes] };
  },
};
