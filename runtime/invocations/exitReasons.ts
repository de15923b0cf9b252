/** Why we ended an instance while it handled an invocation; each is answered in its own way. */
export const exitReasons = {
  timeout: 'time-out',
  initTimeout: 'init time-out',
  memory: 'memory limit',
  responseSize: 'response limit',
  interrupted: 'interrupted',
  channel: 'The instance broke its protocol: it closed its channel.',
} as const;
