import { formatFileNames } from '../../../runtime/model/projectFiles/fileNames.ts';
import type { EntryFormat, Template } from './templates.ts';

/* What a project file says of a new function, in the words of its format. */

/** Where in a file functions are listed, the key of the new one there, and what is said of it. */
export interface ProjectEntry {
  list: string;
  key: string;
  settings: Record<string, unknown>;
}

/**
 * What makes a text one of these files that a function can be added to: names alone do not say it, and the readers of all
 * formats would be much to load for this.
 */
const accepts: Record<EntryFormat, (text: string) => boolean> = {
  porchlight: () => true,
  serverlessDevs: (text) =>
    /^resources\s*:/m.test(text) && /\bcomponent\s*:\s*["']?(devsapp\/)?fc3\b/.test(text),
  sam: (text) => /AWS::Serverless/.test(text),
  // Handlers of its provider aliyun look otherwise.
  serverless: (text) => /^functions\s*:/m.test(text) && !/\baliyun\b/.test(text),
  openfaas: (text) => /^provider\s*:/m.test(text) && /\b(openfaas|faas)\b/.test(text),
};

/** The format of a project file that functions can be added to; undefined for others, such as `serverless.ts`. */
export function entryFormat(fileName: string, text: string): EntryFormat | undefined {
  if (!/\.ya?ml$/.test(fileName)) return undefined;
  const formats = Object.keys(accepts) as EntryFormat[];
  return formats.find((format) => formatFileNames[format].includes(fileName) && accepts[format](text));
}

/** Names of the files that functions can be added to. */
export const entryFileNames: readonly string[] = (Object.keys(accepts) as EntryFormat[])
  .flatMap((format) => formatFileNames[format])
  .filter((name) => /\.ya?ml$/.test(name));

/** The file that is made where there is none, and what stands in it before functions do. */
export const newFile: Record<'porchlight' | 'openfaas', { name: string; text: string }> = {
  porchlight: { name: 'porchlight.yaml', text: '' },
  openfaas: {
    name: 'stack.yaml',
    text: `version: 1.0\nprovider:\n  name: openfaas\n  gateway: http://127.0.0.1:8080\n\n`,
  },
};

/** The entry of a function whose code lies in `folder`, relative to the project file, with forward slashes. */
export function projectEntry(
  format: EntryFormat,
  template: Template,
  name: string,
  folder: string,
): ProjectEntry {
  return writers[format](template, name, folder);
}

type Writer = (template: Template, name: string, folder: string) => ProjectEntry;

const writers: Record<EntryFormat, Writer> = {
  porchlight: (template, name, folder) => ({
    list: 'functions',
    key: name,
    settings: {
      platform: template.platform,
      runtime: template.runtime,
      code: folder,
      ...(template.handler && { handler: template.handler }),
      ...(template.build && { build: template.build, command: template.command }),
      triggers: [{ http: { path: `/${name}` } }],
      // `porchlight test` and the Testing view send it.
      events: [
        {
          name: 'greets by name',
          event: { name: 'Ada' },
          expect: { result: { message: 'Hello, Ada!', calls: { $any: 'number' } } },
        },
      ],
    },
  }),

  serverlessDevs: (template, name, folder) => ({
    list: 'resources',
    key: name,
    settings: {
      component: 'fc3',
      props: {
        region: 'cn-hangzhou',
        functionName: name,
        runtime: template.runtime,
        code: `./${folder}`,
        handler: template.handler,
        memorySize: 512,
        timeout: 10,
        triggers: [
          {
            triggerName: 'web',
            triggerType: 'http',
            triggerConfig: { authType: 'anonymous', methods: ['GET', 'POST'] },
          },
        ],
      },
    },
  }),

  sam: (template, name, folder) => ({
    list: 'Resources',
    key: logicalId(name),
    settings: {
      Type: 'AWS::Serverless::Function',
      Properties: {
        CodeUri: `./${folder}`,
        Handler: template.handler,
        Runtime: template.runtime,
        Timeout: 10,
        Events: { Web: { Type: 'HttpApi', Properties: { Path: `/${name}`, Method: 'GET' } } },
      },
      ...(template.folder === 'typescript' && {
        Metadata: {
          BuildMethod: 'esbuild',
          BuildProperties: { Sourcemap: true, EntryPoints: [template.main] },
        },
      }),
    },
  }),

  serverless: (template, name, folder) => ({
    list: 'functions',
    key: name,
    settings: {
      handler: `${folder}/${template.handler}`,
      runtime: template.runtime,
      events: [{ httpApi: `GET /${name}` }],
    },
  }),

  openfaas: (template, name, folder) => ({
    list: 'functions',
    key: name,
    settings: {
      lang: template.runtime,
      handler: `./${folder}`,
      image: `${name}:latest`,
    },
  }),
};

/** CloudFormation knows its resources by letters and digits only. */
function logicalId(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return `${words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')}Function`;
}
