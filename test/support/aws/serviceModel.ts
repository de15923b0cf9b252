import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One shape of a service model (`service-2.json` of botocore). */
export interface Shape {
  type: string;
  required?: string[];
  members?: Record<string, Member>;
  member?: Member;
  key?: Member;
  value?: Member;
  enum?: string[];
  pattern?: string;
  min?: number;
  max?: number;
  /** Of a structure: the member that is the body as it is. */
  payload?: string;
  /** Of a list in XML: its items stand beside other members. */
  flattened?: boolean;
}

/** Where a member's shape is, and where it stands in a request. */
export interface Member {
  shape: string;
  location?: 'uri' | 'querystring' | 'header' | 'headers';
  locationName?: string;
}

export interface Operation {
  name: string;
  http: { method: string; requestUri: string };
  input?: { shape: string };
  /** Another operation has taken its place, and its path. */
  deprecated?: boolean;
}

/** AWS's own description of a service: what its clients are generated from. */
export interface ServiceModel {
  metadata: { protocol: string; apiVersion: string; targetPrefix?: string };
  operations: Record<string, Operation>;
  shapes: Record<string, Shape>;
}

export interface ServiceModels {
  /** Of the package they come from. */
  version: string;
  /** By the name that a signature states, e.g. `lambda`. */
  get(service: string): ServiceModel | undefined;
}

/** The version of each service's API whose model is used. */
const apiVersions: Record<string, string> = {
  lambda: '2015-03-31',
  iam: '2010-05-08',
  s3: '2006-03-01',
  sts: '2011-06-15',
  logs: '2014-03-28',
  sqs: '2012-11-05',
  sns: '2010-03-31',
  events: '2015-10-07',
};

/** What an older model does not know, although it is used: with it everything would be objected to. */
const newest = 'InvokedViaFunctionUrl';

/**
 * The service models of the newest botocore on this machine (Debian: `awscli`; the emulator `moto_server` needs it as
 * well); a reason why there are none, otherwise.
 */
export function findServiceModels(): ServiceModels | string {
  const found = candidates()
    .filter(({ folder }) => existsSync(join(folder, 'data', 'lambda')))
    .sort((a, b) => compareVersions(b.version, a.version))[0];
  if (!found)
    return "AWS's service models are not installed (Debian package awscli, Python package botocore).";
  const models = openModels(found);
  const known = models.get('lambda')?.shapes['AddPermissionRequest']?.members ?? {};
  return newest in known ? models : `botocore ${found.version} is older than the API that is used.`;
}

interface Candidate {
  folder: string;
  version: string;
}

/** Botocore as Python finds it, as a part of AWS's command line, and as Debian places both. */
function candidates(): Candidate[] {
  const debian = '/usr/lib/python3/dist-packages';
  const files = [`${debian}/botocore/__init__.py`, `${debian}/awscli/botocore/__init__.py`];
  for (const name of ['botocore', 'awscli.botocore']) {
    const asked = spawnSync('python3', ['-c', `import ${name} as b; print(b.__file__)`], {
      encoding: 'utf8',
    });
    if (asked.status === 0) files.push(asked.stdout.trim());
  }
  return files.filter(existsSync).map((file) => ({
    folder: dirname(file),
    version: /^__version__ = ['"]([\d.]+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '0',
  }));
}

function openModels({ folder, version }: Candidate): ServiceModels {
  const read = new Map<string, ServiceModel | undefined>();
  return {
    version,
    get(service) {
      if (!read.has(service)) read.set(service, readModel(folder, service));
      return read.get(service);
    },
  };
}

function readModel(folder: string, service: string): ServiceModel | undefined {
  const file = join(folder, 'data', service, apiVersions[service] ?? '', 'service-2.json');
  const bytes = existsSync(file)
    ? readFileSync(file)
    : existsSync(`${file}.gz`)
      ? gunzipSync(readFileSync(`${file}.gz`))
      : undefined;
  return bytes && (JSON.parse(bytes.toString('utf8')) as ServiceModel);
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
