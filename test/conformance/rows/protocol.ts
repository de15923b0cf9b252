import type { Row } from '../row.ts';

const broken = {
  trait: 'descriptors',
  status: 'crashed',
  error: /broke its protocol/,
} as const;

/** What reaches for the channel between host and instance. */
export const protocol: Row[] = [
  { name: 'writes-text', module: 'protocol', ...broken },
  { name: 'writes-absurd-lengths', module: 'protocol', ...broken },
  { name: 'writes-half-frame', module: 'protocol', ...broken },
  { name: 'writes-unknown-type', module: 'protocol', ...broken },
  { name: 'writes-wrong-fields', module: 'protocol', ...broken },
  { name: 'forges-other', module: 'protocol', trait: 'descriptors', body: /real/ },
  // Its own code says so: the first answer counts, and there is one.
  { name: 'forges-twice', module: 'protocol', trait: 'descriptors', body: '"forged"' },
  { name: 'closes-channel-out', module: 'protocol', trait: 'descriptors', status: 'crashed' },
  {
    name: 'closes-channel-out-and-waits',
    module: 'protocol',
    trait: 'descriptors',
    status: 'crashed',
    error: /closed its channel/,
  },
  // It can answer this one, and hears of no other.
  { name: 'closes-channel-in', module: 'protocol', trait: 'descriptors', body: /answered/ },
];
