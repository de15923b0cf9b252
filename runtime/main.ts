import { runCommandLine } from './cli/program.ts';

// The bundle is loaded once as a program; nothing imports it.
void runCommandLine(process.argv).then((code) => process.exit(code));
