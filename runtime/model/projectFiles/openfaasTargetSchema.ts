import * as v from 'valibot';
import { imageEntries } from './clusterTargetSchema.ts';
import { targetText as text, verifyWith } from './targetText.ts';

/** Settings of a target of type `openfaas`. They only describe input. */
export const openfaasTarget = v.strictObject(
  {
    type: v.literal('openfaas'),
    ...imageEntries,
    gateway: v.optional(
      text(
        'Address of the gateway, e.g. https://gateway.example.com. Default: that of stack.yaml, then OPENFAAS_URL, then http://127.0.0.1:8080.',
        /^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/,
        'expected an address such as https://gateway.example.com.',
      ),
    ),
    namespace: v.optional(
      text(
        'Namespace. Default: that of stack.yaml, then the one of the gateway.',
        /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
        'expected up to 63 lower-case letters, digits and -.',
      ),
    ),
    prefix: v.optional(
      text(
        'What names of functions begin with there, e.g. shop-.',
        /^([a-z0-9][a-z0-9-]{0,40})?$/,
        'expected lower-case letters, digits and -.',
      ),
    ),
    verifyWith,
    ca: v.optional(
      text('Absolute path of a PEM file with the authority that signed the certificate of the gateway.'),
    ),
    insecure: v.optional(
      v.pipe(
        v.boolean('expected true or false.'),
        v.description(
          'Lets the password cross a network in clear text, to a gateway with http: that is not on this machine.',
        ),
      ),
    ),
  },
  'expected settings such as { type: openfaas, registry: ghcr.io/me }.',
);
