import { formatFileNames } from '../fileNames.ts';
import {
  fileLimits,
  type ParseContext,
  type ParsedFunction,
  type ParsedProjectFile,
  type ProjectFileFormat,
  type TextRange,
} from '../projectFile.ts';
import { entriesOf, getIn, type Tree } from '../tree.ts';
import { readYaml } from '../yamlTree.ts';
import { componentVersion } from './component.ts';
import { tellUnknownKeys } from './fc2Keys.ts';
import { fc2Props } from './fc2Props.ts';
import { addRoutes, nameApart, type PlacedRoute } from './fc2Services.ts';
import { withParents } from './parentFiles.ts';
import { readFunction } from './readFunction.ts';
import { withTemplate } from './template.ts';
import { ServerlessDevsVariables } from './variables.ts';

/**
 * Triggers name sources by ARNs that hold the account's number. What stands for it on this machine is put there, for a
 * deploy to replace.
 */
function withAccount(
  given: Tree | undefined,
  triggers: Tree | undefined,
  resolve: (tree: Tree) => Tree,
): void {
  const entry = given?.kind === 'map' ? given.entries.get('triggers') : undefined;
  if (entry && triggers) entry.value = resolve(triggers);
}

/**
 * Reader of `s.yaml` (Serverless Devs): component `fc3` (Alibaba Function Compute 3.0), and `fc` (2.0), which editions before
 * 3.0.0 list under `services`.
 */
export const serverlessDevsYaml: ProjectFileFormat = {
  id: 'serverless-devs',
  fileNames: formatFileNames.serverlessDevs,
  accepts: (text) => /^\s*(resources|services|edition|extend)\s*:/m.test(text),
  parse(text: string, context: ParseContext): ParsedProjectFile {
    const { tree: own, problems } = (context.readYaml ?? readYaml)(text, context.file);
    const { tree, files: parents } = withParents(own, context, problems);
    const functions: ParsedFunction[] = [];
    const routes: PlacedRoute[] = [];
    const variables = tree && new ServerlessDevsVariables(tree, context);
    const read = (name: string, resource: Tree, key: TextRange) => {
      const version = componentVersion(resource);
      if (version === undefined || functions.length >= fileLimits.functions) return;
      const full = withTemplate(resource, tree!, name, problems);
      const props = getIn(full, 'props');
      const given = props && variables!.resolve(props, full);
      withAccount(given, getIn(props, 'triggers'), (triggers) => variables!.resolveSources(triggers, full));
      const text = { key: name, nameRange: key };
      if (version === 'fc3') {
        functions.push(readFunction({ ...text, props: given }, context, problems));
        return;
      }
      tellUnknownKeys(given, name, problems);
      const two = fc2Props(given);
      // A service may come without a function.
      if (!two) return;
      const fn = readFunction({ ...text, props: two.props, service: two.service || name }, context, problems);
      functions.push(fn);
      routes.push(...two.routes.map((route) => ({ ...route, from: fn })));
    };
    for (const list of ['resources', 'services']) {
      for (const [name, resource, key] of entriesOf(getIn(tree, list))) read(name, resource, key);
    }
    addRoutes(functions, routes, problems);
    nameApart(functions);
    return {
      functions,
      overlays: [],
      targets: [],
      problems: problems.problems,
      includes: [...(variables?.files ?? []), ...parents],
    };
  },
};
