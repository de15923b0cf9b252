import type { SourceProblem, StorageContract } from '../../model/sourceContracts.ts';
import { bucketOf, readEventTypes, textOr, type StorageOperations } from '../../model/storageTrigger.ts';
import { phrase } from '../../support/l10n.ts';

/* Notifications of S3 (user guide "Event message structure"; SAM's `S3` events; contract §10). */

const operations: StorageOperations = {
  created: { group: 'ObjectCreated', operations: ['Put', 'Post', 'Copy', 'CompleteMultipartUpload'] },
  removed: { group: 'ObjectRemoved', operations: ['Delete', 'DeleteMarkerCreated'] },
};

interface Rule {
  Name?: unknown;
  Value?: unknown;
}

/** What S3 triggers say and send. */
export const storage: StorageContract = {
  read(trigger) {
    const { config } = trigger;
    const isSam = config['type'] === 'S3';
    const bucket = bucketOf(trigger, 'Bucket');
    if (bucket === undefined) {
      const key = isSam ? 'Bucket' : 'bucket';
      return { problems: [{ severity: 'error', key, detail: phrase('give the name of the bucket.') }] };
    }
    const problems: SourceProblem[] = [];
    const key = isSam ? 'Events' : 'events';
    const types = readEventTypes(config[key], { prefix: 's3:', operations, key });
    problems.push(...types.problems);
    const rules = (config['Filter'] as { S3Key?: { Rules?: unknown } } | undefined)?.S3Key?.Rules;
    const valueOf = (name: string): string => {
      const stated = (Array.isArray(rules) ? (rules as Rule[]) : []).find(
        (rule) => textOr(rule.Name, '').toLowerCase() === name,
      );
      return textOr(stated?.Value ?? config[name], '');
    };
    const enabled = config['enabled'] !== false;
    const settings = {
      bucket,
      enabled,
      names: types.names,
      prefix: valueOf('prefix'),
      suffix: valueOf('suffix'),
    };
    return { settings, problems };
  },
  event({ kind, key, size, md5 }, { settings: { bucket }, name, trigger, definition, at, id, sequence }) {
    const { accountId, region } = definition;
    const sequencer = sequence.toString(16).toUpperCase().padStart(16, '0');
    const object =
      kind === 'created'
        ? { key: encodeKey(key), size, eTag: md5, sequencer }
        : { key: encodeKey(key), sequencer };
    const record = {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: region,
      eventTime: at.toISOString(),
      eventName: name,
      userIdentity: { principalId: `AWS:${accountId}` },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: {
        'x-amz-request-id': id.replaceAll('-', '').slice(0, 16).toUpperCase(),
        'x-amz-id-2': Buffer.from(id).toString('base64'),
      },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: `${definition.name}-${trigger.name}`,
        bucket: { name: bucket, ownerIdentity: { principalId: accountId }, arn: `arn:aws:s3:::${bucket}` },
        object,
      },
    };
    return Buffer.from(JSON.stringify({ Records: [record] }));
  },
};

/** A key as notifications carry it: like a form's value, but with its slashes. */
function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+');
}
