import { functionSettings, topKeys } from '../../../../../runtime/model/projectFiles/openfaas/settings.ts';
import { list, map, named, oneOf, plain, value, yesNo, type FileShape } from '../shape.ts';
import { fromSchema, refine } from './fromSchema.ts';

const amounts = (about: string) => ({ about });

const fn = refine(fromSchema(functionSettings), {
  lang: {
    about: 'Template the function is built from.',
    values: [
      'node22',
      'node20',
      'node18',
      'node',
      'python3-http',
      'python3-flask',
      'python3',
      'golang-http',
      'golang-middleware',
      'php8',
      'java11',
      'ruby',
      'csharp',
      'dockerfile',
    ].map((each) => ({ value: each })),
    more: true,
  },
  handler: value("Folder with the function's code.", { topic: 'path', snippet: ' ./${1:hello}' }),
  image: value('Image it is built as, e.g. alice/hello:latest.'),
  fprocess: value('Command the watchdog starts.'),
  name: value('Name of the function; its key when absent.'),
  namespace: value('Namespace it is deployed to.', { usual: 'openfaas-fn' }),
  environment: value('Variables of the function.', { topic: 'environment' }),
  environment_file: {
    ...list('Files with variables below `environment:`.', { topic: 'path' }),
    topic: 'path',
  },
  secrets: value('Secrets that it finds as files in /var/openfaas/secrets.'),
  labels: value('Labels, e.g. `com.openfaas.scale.min`.'),
  annotations: value('Annotations, e.g. `topic`.'),
  limits: amounts('Memory and processors an instance may take.'),
  'limits.memory': value('Memory an instance may take, e.g. 128Mi.', { topic: 'memory' }),
  'limits.cpu': value('Processors an instance may take, e.g. 100m.'),
  requests: amounts('Memory and processors kept free for an instance.'),
  constraints: value('Nodes of the cluster it may run on.'),
  readonly_root_filesystem: yesNo('Only /tmp can be written to.'),
  skip_build: yesNo('The image is there already.'),
  build_options: value('Sets of packages that the template offers.'),
  build_args: value('Arguments of the build.'),
  build_secrets: value('Secrets of the build.'),
  additional_packages: value('Packages of the system that are installed, too.'),
  copy: value('Files that go into the image, too.'),
  platforms: value('Platforms to build for, e.g. linux/arm64.'),
});

const shape = map('Functions of OpenFaaS.', {
  ...plain(topKeys),
  version: oneOf('Version of this format.', ['1.0'], { more: true }),
  provider: map(
    'Where functions run.',
    {
      name: oneOf('The provider.', ['openfaas'], { more: true }),
      gateway: value('Address of the gateway.', { usual: 'http://127.0.0.1:8080' }),
      network: value('Network of an older provider.'),
    },
    { open: true, snippet: '\n  name: openfaas\n  gateway: ${1:http://127.0.0.1:8080}' },
  ),
  functions: named('Functions by name.', fn, {
    snippet:
      '\n  ${1:hello}:\n    lang: ${2:node22}\n    handler: ./${1:hello}\n    image: ${1:hello}:latest',
  }),
  configuration: map(
    'Templates, and files for every function.',
    {
      templates: list(
        'Templates and where they come from.',
        map('A template.', { name: {}, source: {} }, { open: true }),
      ),
      copy: list('Files that go into every image.'),
    },
    { open: true },
  ),
});

/** `stack.yaml` of OpenFaaS. */
export const stackShape: FileShape = {
  id: 'openfaas',
  shape: () => shape,
  platform: () => 'openfaas',
  functions: [{ entry: ['functions', '*'], settings: [], code: [['handler']], environment: ['environment'] }],
  variables: true,
  intrinsics: false,
};
