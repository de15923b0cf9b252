import { porchlightYaml } from './porchlightYaml.ts';
import type { ProjectFileFormat } from './projectFile.ts';
import { funcYaml } from './func/index.ts';
import { samTemplate } from './samTemplate.ts';
import { serverlessDevsYaml } from './serverlessDevs/index.ts';
import { stackYaml } from './openfaas/index.ts';
import { serverlessYaml } from './serverlessFramework/index.ts';

/** Every kind of project file, in the order in which they are looked for. Adding one is adding a reader here. */
export const projectFileFormats: ProjectFileFormat[] = [
  porchlightYaml,
  serverlessDevsYaml,
  samTemplate,
  serverlessYaml,
  funcYaml,
  stackYaml,
];

/** The reader for a file of this name and content, if it is a project file. */
export function formatFor(fileName: string, text: string): ProjectFileFormat | undefined {
  return projectFileFormats.find((format) => format.fileNames.includes(fileName) && format.accepts(text));
}
