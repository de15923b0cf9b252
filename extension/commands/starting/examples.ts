import { l10n } from '../../editor/l10n.ts';

/** A project that comes with Porchlight, a folder of `examples/`. */
export interface Example {
  folder: string;
  /** What it is written in and runs on; names, so they are not translated. */
  made: string;
  /** File that is opened first, relative to its folder. */
  main: string;
  /** What it shows. */
  about(): string;
}

/** Every example, in the order in which they are offered: those to begin with first. */
export const examples: readonly Example[] = [
  {
    folder: 'hello-fc',
    made: 'JavaScript · Function Compute',
    main: 'index.js',
    about: () => l10n.t('The smallest one: greets, and counts its own calls'),
  },
  {
    folder: 'verification-code',
    made: 'TypeScript · AWS Lambda',
    main: 'src/handler.ts',
    about: () => l10n.t('Mails a code and checks it, over HTTP, with state that lives in the process'),
  },
  {
    folder: 'orders-sam',
    made: 'TypeScript · AWS SAM',
    main: 'src/handlers/orders.ts',
    about: () => l10n.t('An HTTP API and a timer of a SAM template'),
  },
  {
    folder: 'parcels',
    made: 'JavaScript · AWS Lambda',
    main: 'parcels.js',
    about: () => l10n.t('A queue with dead letters, a timer and a bucket'),
  },
  {
    folder: 'word-count-python',
    made: 'Python · AWS Lambda, Function Compute',
    main: 'on_lambda.py',
    about: () => l10n.t('One module behind two clouds'),
  },
  {
    folder: 'php-requests',
    made: 'PHP · Function Compute',
    main: 'counter.php',
    about: () => l10n.t('PHP with a process that stays, with one per request, and as a web site'),
  },
  {
    folder: 'order-events-knative',
    made: 'JavaScript · Knative',
    main: 'index.js',
    about: () => l10n.t('CloudEvents that are answered with CloudEvents'),
  },
  {
    folder: 'slugs-openfaas',
    made: 'JavaScript · OpenFaaS',
    main: 'slug/handler.js',
    about: () => l10n.t('A handler of the Node.js template, and a program that is started for every request'),
  },
  {
    folder: 'notes-programs',
    made: 'Go, JavaScript · AWS Lambda, Function Compute',
    main: 'shortener/main.go',
    about: () => l10n.t('Functions that are programs: a Go program, and a web application as it is'),
  },
  {
    folder: 'express-app',
    made: 'JavaScript · Function Compute',
    main: 'server.js',
    about: () => l10n.t('An Express application, moved over without a change; needs npm install'),
  },
  {
    folder: 'sales-report',
    made: 'TypeScript · AWS Lambda',
    main: 'src/report.ts',
    about: () => l10n.t('Functions that call functions, one by one or all at once; needs npm install'),
  },
  {
    folder: 'database-postgres',
    made: 'JavaScript · AWS Lambda',
    main: 'reusing.js',
    about: () =>
      l10n.t('A database connection for each call, and one that is kept; needs npm install and PostgreSQL'),
  },
  {
    folder: 'cold-starts',
    made: 'Go, JavaScript, Python · AWS Lambda',
    main: 'node/digest.js',
    about: () => l10n.t('The same work in three languages, to compare what starting them costs'),
  },
];
