import type { FunctionConfiguration, LambdaApi } from './lambdaApi.ts';

/** Pages of fifty. */
const largestPages = 50;

/** Published versions, newest first. */
export async function listVersions(api: LambdaApi, name: string): Promise<FunctionConfiguration[]> {
  const versions: FunctionConfiguration[] = [];
  for (let marker: string | undefined, page = 0; page < largestPages; page++) {
    const input = { FunctionName: name, ...(marker && { Marker: marker }) };
    const found = await api.find('ListVersionsByFunction', (lambda) =>
      lambda.send(new api.sdk.ListVersionsByFunctionCommand(input)),
    );
    versions.push(...(found?.Versions ?? []));
    marker = found?.NextMarker;
    if (!marker) break;
  }
  return versions
    .filter(({ Version }) => /^\d+$/.test(Version ?? ''))
    .sort((a, b) => Number(b.Version) - Number(a.Version));
}
