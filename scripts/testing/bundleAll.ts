import { bundleGroup, groupSuites } from './editorSuites.ts';
import { testFiles } from './testFiles.ts';

// For the launch configuration that debugs editor tests; `npm test` bundles by itself.
for (const group of groupSuites(testFiles('test/editor/suites', []))) console.log(await bundleGroup(group));
