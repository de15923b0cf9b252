import * as v from 'valibot';
import { quantityPattern } from '../../kubernetesQuantity.ts';
import { textual } from '../readSettings.ts';

/*
 * What `func.yaml` may say (`schema/func_yaml-schema.json` of knative/func), and where it was said by versions before 0.35:
 * then what is below `build`, `run` and `deploy` today stood at the top.
 */

const whole = v.pipe(
  v.number('expected a whole number.'),
  v.integer('expected a whole number.'),
  v.minValue(0, 'expected a whole number.'),
);
const positive = v.pipe(v.number('expected a number.'), v.minValue(0, 'expected a number.'));
const known = v.optional(v.unknown());
const text = v.optional(v.nullable(textual));

const quantity = v.pipe(
  textual,
  v.check((value) => quantityPattern.test(String(value).trim()), 'expected an amount such as 256Mi or 500m.'),
);

const env = v.strictObject({ name: text, value: text }, 'expected { name, value }.');
const envs = v.optional(v.nullable(v.array(env, 'expected a list of { name, value }.')));

const volume = v.strictObject(
  { secret: text, configMap: text, persistentVolumeClaim: known, emptyDir: known, path: text },
  'expected { secret, path }.',
);
const volumes = v.optional(v.nullable(v.array(volume, 'expected a list of volumes.')));

const annotations = v.optional(
  v.nullable(v.record(v.string(), v.nullable(textual), 'expected names with values.')),
);

const options = v.optional(
  v.nullable(
    v.strictObject(
      {
        scale: v.optional(
          v.nullable(
            v.strictObject(
              {
                min: v.optional(whole),
                max: v.optional(whole),
                metric: v.optional(v.picklist(['concurrency', 'rps'], 'expected concurrency or rps.')),
                target: v.optional(positive),
                utilization: v.optional(positive),
              },
              'expected { min, max }.',
            ),
          ),
        ),
        resources: v.optional(
          v.nullable(
            v.strictObject(
              {
                requests: v.optional(
                  v.nullable(
                    v.strictObject(
                      { cpu: v.optional(quantity), memory: v.optional(quantity) },
                      'expected { cpu, memory }.',
                    ),
                  ),
                ),
                limits: v.optional(
                  v.nullable(
                    v.strictObject(
                      {
                        cpu: v.optional(quantity),
                        memory: v.optional(quantity),
                        concurrency: v.optional(whole),
                      },
                      'expected { cpu, memory, concurrency }.',
                    ),
                  ),
                ),
              },
              'expected { requests, limits }.',
            ),
          ),
        ),
      },
      'expected { scale, resources }.',
    ),
  ),
);

const healthEndpoints = v.optional(
  v.nullable(v.strictObject({ liveness: text, readiness: text }, 'expected { liveness, readiness }.')),
);

const build = v.strictObject(
  {
    git: known,
    builderImages: known,
    buildpacks: known,
    builder: known,
    buildEnvs: known,
    pvcSize: known,
    remoteStorageClass: known,
    baseImage: known,
    volumes: known,
  },
  'expected settings such as { builder: pack }.',
);

const run = v.strictObject(
  {
    envs,
    volumes,
    startTimeout: known,
    kafka: v.optional(
      v.nullable(
        v.strictObject(
          { brokers: text, topic: text, consumerGroup: text },
          'expected { brokers, topic, consumerGroup }.',
        ),
      ),
    ),
  },
  'expected settings such as { envs }.',
);

const subscription = v.strictObject({ source: text, filters: annotations }, 'expected { source, filters }.');

const deploy = v.strictObject(
  {
    namespace: text,
    image: known,
    annotations,
    options,
    labels: known,
    healthEndpoints,
    serviceAccountName: known,
    imagePullSecret: known,
    deployer: known,
    // Whether `func` builds in the cluster; of older versions.
    remote: known,
    subscriptions: v.optional(v.nullable(v.array(subscription, 'expected a list of subscriptions.'))),
    managementDisabled: known,
  },
  'expected settings such as { options }.',
);

/** What older versions had at the top, by the section it is in today. */
export const moved = {
  build: ['git', 'builderImages', 'buildpacks', 'builder', 'buildEnvs'],
  run: ['envs', 'volumes'],
  deploy: ['annotations', 'options', 'labels', 'healthEndpoints', 'serviceAccountName'],
} as const;

/** The whole of the file. */
export const funcSettings = v.strictObject(
  {
    specVersion: known,
    name: text,
    domain: known,
    runtime: text,
    registry: known,
    registryInsecure: known,
    image: known,
    imageDigest: known,
    namespace: text,
    deployer: known,
    // Whether `func` builds in the cluster; of older versions.
    remote: known,
    created: known,
    invoke: v.optional(v.nullable(v.picklist(['http', 'cloudevent', ''], 'expected http or cloudevent.'))),
    template: known,
    trigger: known,
    // Before 0.35 it said where to build: local or git.
    build: v.optional(
      v.nullable(v.union([build, v.string()], 'expected settings such as { builder: pack }.')),
    ),
    run: v.optional(v.nullable(run)),
    deploy: v.optional(v.nullable(deploy)),
    git: known,
    builderImages: known,
    builderMap: known,
    buildpacks: known,
    builder: known,
    buildEnvs: known,
    envs,
    volumes,
    annotations,
    options,
    labels: known,
    healthEndpoints,
    serviceAccountName: known,
  },
  'expected settings such as { name, runtime }.',
);
