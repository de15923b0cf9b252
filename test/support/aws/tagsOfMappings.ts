import type { SeenRequest } from './requestFaults.ts';

/**
 * Tags of event source mappings, which the emulator takes and does not tell: remembers those that mappings of this test
 * were made with, by what they read, and answers `ListTags`.
 */
export function tagsOfMappings(): (request: SeenRequest) => { status: number; body: unknown } | undefined {
  let made: Record<string, string>[] = [];
  return ({ method, url, body }) => {
    if (method === 'POST' && /\/event-source-mappings\/?$/.test(url)) {
      const { Tags } = JSON.parse(body.toString('utf8')) as { Tags?: Record<string, string> };
      if (Tags) made = [...made, Tags];
    }
    if (method === 'GET' && /^\/2017-03-31\/tags\/.*event-source-mapping/.test(decodeURIComponent(url)))
      return { status: 200, body: { Tags: made.at(-1) ?? {} } };
    return undefined;
  };
}
