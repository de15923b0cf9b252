import { l10n } from '../../editor/l10n.ts';

/** Formats of project files that a function can be added to; one in `func.yaml` has the file to itself. */
export type EntryFormat = 'porchlight' | 'serverlessDevs' | 'sam' | 'serverless' | 'openfaas';

/** A function to start from: its files are those of `templates/<platform>/<folder>`. */
export interface Template {
  platform: 'aliyun-fc' | 'aws-lambda' | 'knative' | 'openfaas';
  /** Folder below the platform's. */
  folder: string;
  /** Language as people know it; a name, so it is not translated. */
  language: string;
  /** File that is opened, relative to the function's folder. */
  main: string;
  /** Formats that can declare it, the one for a new project file first; none: it brings a `func.yaml`. */
  formats: readonly EntryFormat[];
  /** Runtime as the platform calls it. */
  runtime: string;
  handler?: string;
  /** Programs are built and started by these. */
  build?: string;
  command?: string;
}

const program = {
  language: 'Go',
  folder: 'go',
  main: 'main.go',
  // Other formats cannot say how a program is built here.
  formats: ['porchlight'],
  build: 'go build -o $ARTIFACTS_DIR/bootstrap .',
  command: '$ARTIFACTS_DIR/bootstrap',
} as const;

const handler = 'index.handler';
const fc = ['porchlight', 'serverlessDevs'] as const;
const lambda = ['porchlight', 'sam', 'serverless'] as const;

/** Every template, in the order in which they are offered. */
export const templates: readonly Template[] = [
  {
    platform: 'aliyun-fc',
    language: 'JavaScript',
    folder: 'javascript',
    main: 'index.js',
    formats: fc,
    runtime: 'nodejs20',
    handler,
  },
  {
    platform: 'aliyun-fc',
    language: 'TypeScript',
    folder: 'typescript',
    main: 'index.ts',
    formats: fc,
    runtime: 'nodejs20',
    handler,
  },
  {
    platform: 'aliyun-fc',
    language: 'Python',
    folder: 'python',
    main: 'index.py',
    formats: fc,
    runtime: 'python3.10',
    handler,
  },
  {
    platform: 'aliyun-fc',
    language: 'PHP',
    folder: 'php',
    main: 'index.php',
    formats: fc,
    runtime: 'php7.2',
    handler,
  },
  { platform: 'aliyun-fc', ...program, runtime: 'custom.debian10' },
  {
    platform: 'aws-lambda',
    language: 'JavaScript',
    folder: 'javascript',
    main: 'index.js',
    formats: lambda,
    runtime: 'nodejs22.x',
    handler,
  },
  {
    platform: 'aws-lambda',
    language: 'TypeScript',
    folder: 'typescript',
    main: 'index.ts',
    formats: lambda,
    runtime: 'nodejs22.x',
    handler,
  },
  {
    platform: 'aws-lambda',
    language: 'Python',
    folder: 'python',
    main: 'index.py',
    formats: lambda,
    runtime: 'python3.12',
    handler,
  },
  { platform: 'aws-lambda', ...program, runtime: 'provided.al2023' },
  {
    platform: 'knative',
    language: 'JavaScript',
    folder: 'javascript',
    main: 'index.js',
    formats: [],
    runtime: 'node',
  },
  {
    platform: 'knative',
    language: 'Python',
    folder: 'python',
    main: 'function/func.py',
    formats: [],
    runtime: 'python',
  },
  {
    platform: 'openfaas',
    language: 'JavaScript',
    folder: 'javascript',
    main: 'handler.js',
    formats: ['openfaas'],
    runtime: 'node20',
  },
  {
    platform: 'openfaas',
    language: 'Python',
    folder: 'python',
    main: 'handler.py',
    formats: ['openfaas'],
    runtime: 'python3-http',
  },
];

/** A platform as people know it. */
export function platformName(platform: Template['platform']): string {
  switch (platform) {
    case 'aliyun-fc':
      return l10n.t('Alibaba Cloud Function Compute');
    case 'aws-lambda':
      return 'AWS Lambda';
    case 'knative':
      return 'Knative';
    case 'openfaas':
      return 'OpenFaaS';
  }
}

/** Why a function cannot have this name on its platform; undefined when it can. */
export function nameFault(platform: Template['platform'], name: string): string | undefined {
  if (platform === 'knative' || platform === 'openfaas') {
    return /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)
      ? undefined
      : l10n.t('Lower-case letters, digits and hyphens, beginning with a letter; at most 63.');
  }
  return /^[A-Za-z][\w-]{0,62}$/.test(name)
    ? undefined
    : l10n.t('Letters, digits, hyphens and underscores, beginning with a letter; at most 63.');
}

/** A name that fits everywhere and that nobody has yet. */
export function freeName(taken: (name: string) => boolean): string {
  let name = 'hello';
  for (let count = 2; taken(name); count++) name = `hello-${count}`;
  return name;
}
