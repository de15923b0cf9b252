import { basename } from 'node:path';
import { projectFileNames } from '../model/projectFiles/fileNames.ts';
import { createPackager } from '../packaging/packager.ts';
import { watchProject } from '../packaging/watcher.ts';
import { CodeVariables } from '../project/codeVariables.ts';
import { environmentFor } from '../project/environment.ts';
import { readProject } from '../project/readProject.ts';
import type { FunctionSource, SourceChange } from './functionSource.ts';
import { missingInCode } from './missingInCode.ts';

const isProjectFile = (file: string): boolean => projectFileNames.includes(basename(file));

/** Whether a change in this file may add, remove or redefine functions, or change their environment. */
function isContent(file: string, known: ReadonlySet<string>): boolean {
  const name = basename(file);
  return known.has(file) || isProjectFile(file) || name === '.env' || name.startsWith('.env.');
}

/** The functions of a project folder that is being worked on. */
export function createProjectSource(root: string): FunctionSource {
  const packager = createPackager({ root });
  const variables = new CodeVariables(root);
  let known: ReadonlySet<string> = new Set();
  let bare = false;
  let codeRoots: string[] = [];
  let watcher: ReturnType<typeof watchProject> | undefined;

  const changeOf = (files: string[]): SourceChange[] => {
    const content = files.some((file) => isContent(file, known));
    const functions = packager.invalidate(files);
    const changes: SourceChange[] = [];
    // Without a project file the code itself says which functions there are.
    if (content || (bare && files.some((file) => /\.([cm]?[jt]sx?|py)$/.test(file))))
      changes.push({ kind: 'content' });
    if (functions.length > 0) changes.push({ kind: 'code', functions, files });
    const inspected = variables.functionsOf(files);
    if (inspected.length > 0) changes.push({ kind: 'inspect', functions: inspected });
    // Events may lie anywhere and have any name: who knows them chooses.
    const events = files.filter((file) => !/\.[cm]?[jt]sx?$/.test(file));
    if (events.length > 0) changes.push({ kind: 'events', files: events });
    return changes;
  };

  return {
    async read() {
      const project = await readProject(root);
      known = new Set(project.files);
      bare = !project.functions.some(({ declaredAt }) => known.has(declaredAt.file));
      codeRoots = [...new Set(project.functions.map(({ codeRoot }) => codeRoot))];
      const functions = [];
      for (const definition of project.functions) {
        const environment = await environmentFor(definition, root);
        known = new Set([...known, ...environment.files]);
        functions.push({ definition, environment: environment.env });
      }
      const { targets, problems, events, queues } = project;
      return { functions, targets, problems, events, queues };
    },
    prepare: (...asked) => packager.prepare(...asked),
    syntaxErrorIn: (artifact) => packager.syntaxErrorIn(artifact),
    inspect: ({ definition, environment }, artifact) =>
      missingInCode(
        variables,
        root,
        definition,
        environment,
        artifact?.kind === 'bundle' ? artifact.inputs : [],
      ),
    // Not awaited: a large tree takes its time, and what is saved in the editor is announced anyway.
    watch(onChange) {
      watcher = watchProject({ root, keep: codeRoots });
      return watcher.onDidChange((files) => changeOf(files).forEach(onChange));
    },
    watched: () => watcher?.ready ?? Promise.resolve(),
    announce: (files) => watcher?.announce(files),
    async dispose() {
      await watcher?.dispose();
      await packager.dispose();
    },
  };
}
