/** Names of project files by their format, in order of preference. What looks for such files anywhere has them from here. */
export const formatFileNames = {
  porchlight: ['porchlight.yaml', 'porchlight.yml'],
  serverlessDevs: ['s.yaml', 's.yml'],
  sam: ['template.yaml', 'template.yml'],
  // In the order in which the framework looks for them.
  serverless: ['serverless.yml', 'serverless.yaml', 'serverless.json', 'serverless.js', 'serverless.ts'],
  knativeFunc: ['func.yaml'],
  openfaas: ['stack.yaml', 'stack.yml'],
} satisfies Record<string, string[]>;

/** All of them. */
export const projectFileNames: string[] = Object.values(formatFileNames).flat();
