import * as v from 'valibot';
import { textual } from '../readSettings.ts';

const texts = v.record(v.string(), v.unknown(), 'expected names with values.');
const names = v.union([v.array(textual), textual], 'expected a list.');
const amounts = v.strictObject(
  { memory: v.optional(textual), cpu: v.optional(textual), gpu: v.optional(textual) },
  'expected { memory, cpu }.',
);

/** A function of a `stack.yaml` (openfaas/go-sdk, package `stack`: `Function`). */
export const functionSettings = v.strictObject(
  {
    lang: v.optional(textual),
    handler: v.optional(textual),
    image: v.optional(textual),
    fprocess: v.optional(textual),
    name: v.optional(textual),
    namespace: v.optional(textual),
    environment: v.optional(v.nullable(texts)),
    environment_file: v.optional(v.nullable(names)),
    secrets: v.optional(v.nullable(names)),
    labels: v.optional(v.nullable(texts)),
    annotations: v.optional(v.nullable(texts)),
    limits: v.optional(v.nullable(amounts)),
    requests: v.optional(v.nullable(amounts)),
    constraints: v.optional(v.nullable(names)),
    readonly_root_filesystem: v.optional(v.unknown()),
    skip_build: v.optional(v.unknown()),
    build_options: v.optional(v.nullable(names)),
    build_args: v.optional(v.nullable(texts)),
    build_secrets: v.optional(v.nullable(texts)),
    additional_packages: v.optional(v.unknown()),
    copy: v.optional(v.nullable(names)),
    platforms: v.optional(textual),
    publish: v.optional(v.unknown()),
  },
  'expected settings of a function.',
);

/** Keys of the file itself. */
export const topKeys = ['version', 'provider', 'functions', 'configuration'];
