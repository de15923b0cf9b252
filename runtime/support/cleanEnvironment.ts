/** The environment for Node processes of ours: without what an editor or a debugger put there for theirs. */
export function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const unwanted = /^(ELECTRON_.*|VSCODE_.*|NODE_OPTIONS|NODE_CHANNEL_FD)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !unwanted.test(name)));
}
