import * as v from 'valibot';
import { targetText as text, verifyWith } from './targetText.ts';

/* What `targets:` may say of targets that are clusters and take images. They only describe input. */

const imageName = (description: string) =>
  text(description, /^[\w./:@[\]-]{1,512}$/, 'expected the name of an image, e.g. node:22-slim.');

/** Settings of every target that takes images. */
export const imageEntries = {
  registry: v.optional(
    text(
      'Registry, and path below which images are put, e.g. ghcr.io/team. Default: what the function’s own file names.',
      /^[\w.-]+(:\d+)?(\/[\w./-]+)?$/,
      'expected a registry such as ghcr.io/team.',
    ),
  ),
  baseImage: v.optional(
    v.union(
      [
        imageName('Image that every function is built upon.'),
        v.strictObject({
          nodejs: v.optional(
            imageName('For Node.js. Default: node:22-slim, or of the version that is stated.'),
          ),
          python: v.optional(
            imageName('For Python. Default: python:3.12-slim, or of the version that is stated.'),
          ),
          custom: v.optional(imageName('For programs. Default: debian:stable-slim.')),
        }),
      ],
      'expected an image, or { nodejs, python, custom }.',
    ),
  ),
  mirror: v.optional(
    text(
      'Registry that has Docker Hub’s images, with a path where it needs one, e.g. mirror.example.com/hub.',
      /^[\w.-]+(:\d+)?(\/[\w./-]+)?$/,
      'expected a registry such as mirror.example.com.',
    ),
  ),
  architecture: v.optional(
    v.pipe(
      v.picklist(['amd64', 'arm64'], 'expected amd64 or arm64.'),
      v.description('Processor of the cluster. Default: amd64.'),
    ),
  ),
};

const kubernetesName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Settings of a target of type `knative`. */
export const knativeTarget = v.strictObject(
  {
    type: v.literal('knative'),
    ...imageEntries,
    context: v.optional(text('Context of the kubeconfig. Default: its current one.')),
    kubeconfig: v.optional(text('Path of the kubeconfig. Default: KUBECONFIG, or ~/.kube/config.')),
    namespace: v.optional(
      text(
        'Namespace. Default: that of the function’s own file, then of the context, then default.',
        kubernetesName,
        'expected up to 63 lower-case letters, digits and -.',
      ),
    ),
    prefix: v.optional(
      text(
        'What names of services begin with there, e.g. shop-.',
        /^([a-z]([a-z0-9-]{0,40}))?$/,
        'expected lower-case letters, digits and -, beginning with a letter.',
      ),
    ),
    serviceAccount: v.optional(
      text('Service account that functions run as. Default: what is set there stays.', /^[a-z0-9.-]{1,253}$/),
    ),
    pullSecret: v.optional(
      text(
        'Secret of the cluster by which it pulls images. Default: what is set there stays.',
        /^[a-z0-9.-]{1,253}$/,
        'expected the name of a secret.',
      ),
    ),
    cpu: v.optional(
      text(
        'Processor time that an instance is given, e.g. 500m or 1.',
        /^\d+(\.\d+)?m?$/,
        'expected e.g. 500m.',
      ),
    ),
    gateway: v.optional(
      text(
        'Address of the cluster’s ingress, where names of services are not known here, e.g. http://127.0.0.1:8080.',
        /^https?:\/\/[^\s/]+\/?$/,
        'expected an address such as http://127.0.0.1:8080.',
      ),
    ),
    verifyWith,
    visibility: v.optional(
      v.pipe(
        v.picklist(['public', 'cluster'], 'expected public or cluster.'),
        v.description(
          'Who reaches functions: everybody the cluster lets in (default), or the cluster alone.',
        ),
      ),
    ),
  },
  'expected settings such as { type: knative, registry: ghcr.io/team }.',
);
