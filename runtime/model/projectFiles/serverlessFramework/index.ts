import { basename } from 'node:path';
import { formatFileNames } from '../fileNames.ts';
import type { ParseContext, ParsedProjectFile, ProjectFileFormat } from '../projectFile.ts';
import { getIn } from '../tree.ts';
import { readYaml } from '../yamlTree.ts';
import { listFunctions } from './functionList.ts';
import { readFunction } from './readFunction.ts';
import { readService } from './service.ts';
import { tellUnknownKeys } from './settings.ts';
import { relativePaths } from './variableSources.ts';
import { phrase } from '../../../support/l10n.ts';

/** Reader of the Serverless Framework's `serverless.yml` (versions 3 and 4), for the providers `aws` and `aliyun`. */
export const serverlessYaml: ProjectFileFormat = {
  id: 'serverless',
  fileNames: formatFileNames.serverless,
  accepts: (text) => /(^|[\s"'{,])(service|provider|functions)["']?\s*:/m.test(text),
  parse(text: string, context: ParseContext): ParsedProjectFile {
    return /\.[jt]s$/.test(context.file) ? tellCode(context) : read(text, context);
  },
};

function read(text: string, context: ParseContext): ParsedProjectFile {
  const { tree, problems } = (context.readYaml ?? readYaml)(text, context.file);
  const service = tree && readService(tree, context, problems);
  if (service) tellUnknownKeys(tree, 'file', service.plugins, problems);
  const listed = service ? listFunctions(getIn(tree, 'functions'), service.variables, problems) : [];
  const functions = listed.flatMap((each) => readFunction(each, service!) ?? []);
  return {
    functions,
    overlays: [],
    targets: [],
    queues: service?.queues() ?? [],
    problems: problems.problems,
    includes: relativePaths(service?.sources.files ?? [], context.file),
  };
}

/** A project is read without running anything of it. */
function tellCode({ file }: ParseContext): ParsedProjectFile {
  const { problems } = readYaml('', file);
  const detail = phrase(
    'this file is code, which is not run to read a project. Have it written out by "serverless print --format yaml > serverless.yml" and keep that, or declare the functions in porchlight.yaml.',
  );
  problems.add('warning', 'CODE_UNSUPPORTED', { function: basename(file), detail }, { start: 0, end: 0 });
  return { functions: [], overlays: [], targets: [], problems: problems.problems, includes: [] };
}
