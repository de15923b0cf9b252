import type { SourceProblem, StorageContract } from '../../model/sourceContracts.ts';
import { bucketOf, readEventTypes, textOr, type StorageOperations } from '../../model/storageTrigger.ts';
import { phrase } from '../../support/l10n.ts';

/* OSS triggers (FC documentation "OSS event triggers"; contract §6). */

const operations: StorageOperations = {
  created: {
    group: 'ObjectCreated',
    operations: [
      'PutObject',
      'PutSymlink',
      'PostObject',
      'CopyObject',
      'InitiateMultipartUpload',
      'UploadPart',
      'UploadPartCopy',
      'CompleteMultipartUpload',
      'AppendObject',
    ],
  },
  removed: {
    group: 'ObjectRemoved',
    operations: ['DeleteObject', 'DeleteObjects', 'AbortMultipartUpload'],
  },
};

/** Type by the end of a name, for `mimeType`; OSS takes it from the upload. */
const types: Record<string, string> = {
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'application/javascript',
  json: 'application/json',
  md: 'text/markdown',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  webp: 'image/webp',
  xml: 'application/xml',
  zip: 'application/zip',
};

/** What OSS triggers say in `s.yaml` (`bucketName`, `events`, `filter.key`) and `porchlight.yaml`, and send. */
export const storage: StorageContract = {
  read(trigger) {
    const { config } = trigger;
    const bucket = bucketOf(trigger, 'bucketName');
    if (bucket === undefined) {
      const key = config['type'] === undefined ? 'bucket' : 'bucketName';
      return { problems: [{ severity: 'error', key, detail: phrase('give the name of the bucket.') }] };
    }
    const problems: SourceProblem[] = [];
    const filter = (config['filter'] as { key?: { prefix?: unknown; suffix?: unknown } } | undefined)?.key;
    const types = readEventTypes(config['events'], { prefix: 'oss:', operations, key: 'events' });
    problems.push(...types.problems);
    const enabled = (config['enable'] ?? config['enabled'] ?? true) !== false;
    const prefix = textOr(filter?.prefix ?? config['prefix'], '');
    const suffix = textOr(filter?.suffix ?? config['suffix'], '');
    return { settings: { bucket, enabled, names: types.names, prefix, suffix }, problems };
  },
  event({ key, size, sizeBefore = 0, md5 }, { settings, name, trigger, definition, at, id }) {
    const { bucket } = settings;
    const { accountId, region } = definition;
    const extension = /\.([A-Za-z0-9]+)$/.exec(key)?.[1]?.toLowerCase() ?? '';
    const event = {
      eventName: name,
      eventSource: 'acs:oss',
      eventTime: at.toISOString(),
      eventVersion: '1.0',
      oss: {
        bucket: {
          arn: `acs:oss:${region}:${accountId}:${bucket}`,
          name: bucket,
          ownerIdentity: accountId,
          virtualBucket: '',
        },
        object: {
          deltaSize: size - sizeBefore,
          eTag: md5.toUpperCase(),
          key,
          objectMeta: { mimeType: types[extension] ?? 'application/octet-stream' },
          size,
        },
        ossSchemaVersion: '1.0',
        ruleId: trigger.name,
      },
      region,
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: { requestId: id.replaceAll('-', '').slice(0, 24).toUpperCase() },
      userIdentity: { principalId: accountId },
    };
    return Buffer.from(JSON.stringify({ events: [event] }));
  },
};
