import { languageOfRuntime } from './platformDefaults.ts';
import type { LanguageId, PlatformId } from './words.ts';

/** A runtime that a platform knows. */
export interface CloudRuntime {
  id: string;
  /** Day (`2026-04-30`) from which the cloud no longer supports it, or is to; absent when none is published. */
  endsAt?: string;
  /** Version of the interpreter, where the id does not say it. */
  version?: string;
  /** Gone for so long, or so old, that functions which name no runtime are not run with it. */
  retired?: true;
}

/*
 * Runtimes of the clouds, the newest of a language first. Sources: AWS Lambda developer guide, "Lambda runtimes" (dates of
 * deprecation; those to come are moved now and then), where endoflife.date, "AWS Lambda", says the same of Node.js 22 and 24,
 * Python 3.13 and 3.14, Java 25, Ruby 3.3 and 3.4, and alone gives the date of dotnet10. Unverified, as the guide is their only
 * source: python3.10 to 3.12, java8.al2 to java21, ruby3.2, provided.al2 and al2023. Function Compute: "Function runtimes", and
 * the schema of component fc3.
 */
const runtimes: Record<PlatformId, readonly CloudRuntime[]> = {
  'aws-lambda': [
    { id: 'nodejs24.x', endsAt: '2028-04-30' },
    { id: 'nodejs22.x', endsAt: '2027-04-30' },
    { id: 'nodejs20.x', endsAt: '2026-04-30' },
    { id: 'nodejs18.x', endsAt: '2025-09-01' },
    { id: 'nodejs16.x', endsAt: '2024-06-12', retired: true },
    { id: 'nodejs14.x', endsAt: '2023-12-04', retired: true },
    { id: 'nodejs12.x', endsAt: '2023-03-31', retired: true },
    { id: 'nodejs10.x', endsAt: '2021-07-30', retired: true },
    { id: 'nodejs8.10', endsAt: '2020-03-06', retired: true },
    { id: 'nodejs6.10', endsAt: '2019-08-12', retired: true },
    { id: 'nodejs4.3', endsAt: '2020-03-05', retired: true },
    { id: 'python3.14', endsAt: '2029-06-30' },
    { id: 'python3.13', endsAt: '2029-06-30' },
    { id: 'python3.12', endsAt: '2028-10-31' },
    { id: 'python3.11', endsAt: '2027-06-30' },
    { id: 'python3.10', endsAt: '2026-10-31' },
    { id: 'python3.9', endsAt: '2025-12-15' },
    { id: 'python3.8', endsAt: '2024-10-14', retired: true },
    { id: 'python3.7', endsAt: '2023-12-04', retired: true },
    { id: 'python3.6', endsAt: '2022-07-18', retired: true },
    { id: 'python2.7', endsAt: '2021-07-15', retired: true },
    { id: 'java25', endsAt: '2029-06-30' },
    { id: 'java21', endsAt: '2029-06-30' },
    { id: 'java17', endsAt: '2027-06-30' },
    { id: 'java11', endsAt: '2027-06-30' },
    { id: 'java8.al2', endsAt: '2027-06-30' },
    { id: 'java8', endsAt: '2024-01-08' },
    { id: 'dotnet10', endsAt: '2028-11-14' },
    { id: 'dotnet8', endsAt: '2026-11-10' },
    { id: 'dotnet7', endsAt: '2024-05-14' },
    { id: 'dotnet6', endsAt: '2024-12-20' },
    { id: 'dotnetcore3.1', endsAt: '2023-04-03' },
    { id: 'dotnetcore2.1', endsAt: '2022-01-05' },
    { id: 'ruby3.4', endsAt: '2028-03-31' },
    { id: 'ruby3.3', endsAt: '2027-03-31' },
    { id: 'ruby3.2', endsAt: '2026-03-31' },
    { id: 'ruby2.7', endsAt: '2023-12-07' },
    { id: 'ruby2.5', endsAt: '2021-07-30' },
    { id: 'provided.al2023', endsAt: '2029-06-30' },
    { id: 'provided.al2', endsAt: '2026-07-31' },
    { id: 'provided', endsAt: '2024-01-08' },
    { id: 'go1.x', endsAt: '2024-01-08' },
  ],
  'aliyun-fc': [
    { id: 'nodejs20' },
    { id: 'nodejs18' },
    { id: 'nodejs16' },
    { id: 'nodejs14' },
    { id: 'nodejs12' },
    // Updates of such functions ended two months after their creation (a page in English names earlier days).
    { id: 'nodejs10', endsAt: '2024-12-15' },
    { id: 'nodejs8', endsAt: '2024-12-15' },
    { id: 'python3.12' },
    { id: 'python3.10' },
    { id: 'python3.9' },
    { id: 'python3', version: '3.6' },
    { id: 'python2.7', retired: true },
    { id: 'java11' },
    { id: 'java8' },
    { id: 'php7.2' },
    { id: 'go1' },
    { id: 'dotnetcore3.1' },
    { id: 'dotnetcore2.1' },
    { id: 'custom.debian12' },
    { id: 'custom.debian11' },
    { id: 'custom.debian10' },
    { id: 'custom' },
    { id: 'custom-container' },
    { id: 'micro-sandbox' },
  ],
  // `func` has templates instead, which its `runtime` names.
  knative: ['node', 'typescript', 'python', 'go', 'quarkus', 'rust', 'springboot'].map((id) => ({ id })),
  openfaas: [],
};

/** Runtimes a platform knows, the newest of a language first; none when it has no such ids. */
export function runtimesOf(platform: PlatformId): readonly CloudRuntime[] {
  return runtimes[platform] ?? [];
}

/**
 * Versions of a language's interpreter that a platform's runtimes stand for, oldest first, e.g. `20` or `3.12`: what functions
 * are run with that name no runtime, and what one is told by when it runs on another.
 */
export function versionsOffered(platform: PlatformId, language: LanguageId): readonly string[] {
  return runtimesOf(platform)
    .flatMap(({ id, version, retired }) => {
      const [, of, stated] = /^([a-z]+?)(\d+(?:\.\d+)?)(?:\.x)?$/.exec(id) ?? [];
      return of === language && !retired ? [version ?? stated!] : [];
    })
    .reverse();
}

/** A runtime of a platform by its id. */
export function findRuntime(platform: PlatformId, id: string): CloudRuntime | undefined {
  return runtimesOf(platform).find((each) => each.id === id);
}

/** Whether the cloud supports a runtime on a day (`2026-11-26`). */
export function isSupported({ endsAt }: CloudRuntime, today: string): boolean {
  return endsAt === undefined || endsAt > today;
}

/**
 * What to use instead of a runtime: the next newer one of its language that is supported, as it asks least of the code; the
 * newest where the cloud does not publish how long the others last.
 */
export function successorOf(platform: PlatformId, id: string, today: string): CloudRuntime | undefined {
  const all = runtimesOf(platform);
  const language = languageOfRuntime(id);
  const newer = all.slice(
    0,
    Math.max(
      0,
      all.findIndex((each) => each.id === id),
    ),
  );
  const supported = newer.filter(
    (each) => languageOfRuntime(each.id) === language && isSupported(each, today),
  );
  return supported.findLast(({ endsAt }) => endsAt !== undefined) ?? supported[0];
}
