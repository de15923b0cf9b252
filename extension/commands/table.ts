import { compareCommands } from './compareCommands.ts';
import { deployCommands } from './deployCommands.ts';
import { followCommands } from './followCommands.ts';
import { functionCommands } from './functionCommands.ts';
import { hostCommands } from './hostCommands.ts';
import { inlineCommands } from './inlineCommands.ts';
import { invocationCommands } from './invocationCommands.ts';
import { invokeCommands } from './invokeCommands.ts';
import { profileCommands } from './profileCommands.ts';
import { replayCommands } from './replayCommands.ts';
import { sampleCommands } from './sampleEvent.ts';
import { saveTestEventCommand } from './saveTestEvent.ts';
import { timelineCommands } from './timelineCommands.ts';
import { newFunctionCommand } from './starting/newFunction.ts';
import { exampleCommands } from './starting/openExample.ts';
import { triggerCommands } from './triggerCommands.ts';
import type { Command } from './services.ts';

/*
 * All code of this folder that nobody needs before the first command: a file of its own, loaded with the first use.
 */

export { replaysOf } from './debugFailure.ts';
export { eventText } from './editedEvent.ts';
export { eventLenses } from './eventLenses.ts';
export { tellRemoteNews } from './followCommands.ts';
export { chooseFunction, chooseHost } from './functionChoice.ts';
export { invokeAgain } from './invokeCommands.ts';
export { saveFiles } from './saveFiles.ts';
export { continueExample } from './starting/openExample.ts';
export { openSourceOf } from './timelineCommands.ts';

/** Every command of this folder; debugging registers its own. */
export const commandTable: readonly Command[] = [
  ...invokeCommands,
  ...profileCommands,
  ...sampleCommands,
  ...triggerCommands,
  ...timelineCommands,
  ...functionCommands,
  ...invocationCommands,
  ...inlineCommands,
  ...replayCommands,
  ...compareCommands,
  saveTestEventCommand,
  ...deployCommands,
  ...followCommands,
  ...hostCommands,
  newFunctionCommand,
  ...exampleCommands,
];
