import type { LambdaFunctionConfiguration } from '@aws-sdk/client-s3';

type Configuration = Pick<LambdaFunctionConfiguration, 'Events' | 'Filter'>;

/**
 * Whether S3 refuses two notifications of a bucket beside one another: they share an event, and there are keys that both
 * are told of (user guide, "Examples of notification configurations with object key name filtering").
 */
export function overlapping(a: Configuration, b: Configuration): boolean {
  const shares = (a.Events ?? []).some((one) => (b.Events ?? []).some((other) => isSame(one, other)));
  const [prefixA, suffixA] = keysOf(a);
  const [prefixB, suffixB] = keysOf(b);
  return (
    shares &&
    (prefixA.startsWith(prefixB) || prefixB.startsWith(prefixA)) &&
    (suffixA.endsWith(suffixB) || suffixB.endsWith(suffixA))
  );
}

/** `s3:ObjectCreated:*` stands for all that begin so. */
function isSame(a: string, b: string): boolean {
  const covers = (wide: string, narrow: string): boolean =>
    wide.endsWith('*') && narrow.startsWith(wide.slice(0, -1));
  return a === b || covers(a, b) || covers(b, a);
}

function keysOf({ Filter }: Configuration): [prefix: string, suffix: string] {
  const valueOf = (name: string): string =>
    Filter?.Key?.FilterRules?.find((rule) => rule.Name?.toLowerCase() === name)?.Value ?? '';
  return [valueOf('prefix'), valueOf('suffix')];
}
