import type { CorsSettings } from '../../functionDefinition.ts';
import { getIn, textOf, type Tree } from '../tree.ts';

/** Headers the framework allows unless told otherwise (its documentation, "HTTP API", "REST API"). */
const usualHeaders = [
  'Content-Type',
  'X-Amz-Date',
  'Authorization',
  'X-Api-Key',
  'X-Amz-Security-Token',
  'X-Amz-User-Agent',
  'X-Amzn-Trace-Id',
];

/** `cors` of an `http` event: a preflight is answered, the function's own answers are left as they are. */
export function readRestCors(cors: Tree | undefined, methods: string[]): CorsSettings | undefined {
  if (!isOn(cors)) return undefined;
  const origins = listAt(cors, 'origins') ?? textAt(cors, 'origin')?.split(',') ?? ['*'];
  return {
    origins: origins.map((origin) => origin.trim()),
    methods: ['OPTIONS', ...(methods.length > 0 ? methods : everyMethod)],
    headers: listAt(cors, 'headers') ?? usualHeaders,
    exposed: [],
    credentials: textAt(cors, 'allowCredentials') === 'true',
    ...maxAge(cors),
    answers: false,
  };
}

/** `cors` of an HTTP API or of a function URL: its headers are on every answer. */
export function readApiCors(cors: Tree | undefined, methods: string[]): CorsSettings | undefined {
  if (!isOn(cors)) return undefined;
  return {
    origins: listAt(cors, 'allowedOrigins') ?? ['*'],
    methods: listAt(cors, 'allowedMethods') ?? methods,
    headers: listAt(cors, 'allowedHeaders') ?? usualHeaders,
    exposed: listAt(cors, 'exposedResponseHeaders') ?? [],
    credentials: textAt(cors, 'allowCredentials') === 'true',
    ...maxAge(cors),
    answers: true,
  };
}

/** Methods a route without any stands for. */
export const everyMethod = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

function isOn(cors: Tree | undefined): boolean {
  return cors?.kind === 'map' || (cors?.kind === 'scalar' && cors.value === true);
}

function textAt(tree: Tree | undefined, key: string): string | undefined {
  return textOf(getIn(tree, key));
}

function listAt(tree: Tree | undefined, key: string): string[] | undefined {
  const list = getIn(tree, key);
  if (list?.kind === 'list') return list.items.map(textOf).filter((item) => item !== undefined);
  const text = textOf(list);
  return text === undefined ? undefined : [text];
}

function maxAge(cors: Tree | undefined): { maxAgeS?: number } {
  const seconds = Number(textAt(cors, 'maxAge'));
  return Number.isFinite(seconds) && getIn(cors, 'maxAge') ? { maxAgeS: seconds } : {};
}
