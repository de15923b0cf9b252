import { speakAsTerminal } from './cli/language.ts';
import { runCommandLine } from './cli/program.ts';

// The bundle is loaded once as a program; nothing imports it.
speakAsTerminal(process.argv, process.env);
void runCommandLine(process.argv).then((code) => process.exit(code));
