import { s3Client } from './clients.ts';
import type { LambdaApi } from './lambdaApi.ts';

/** Whether a bucket has a package already: its key is its content. */
export async function hasObject(api: LambdaApi, bucket: string, key: string): Promise<boolean> {
  try {
    await s3Client(api).send(new api.sdk.HeadObjectCommand({ Bucket: bucket, Key: key }));
    return true;
  } catch (error) {
    // Without the right to list a bucket, what is not there is forbidden.
    if (error instanceof Error && ['NotFound', 'NoSuchKey', '403', 'Forbidden'].includes(error.name))
      return false;
    throw api.refusal('HeadObject', error, 's3');
  }
}

export async function putObject(
  api: LambdaApi,
  { S3Bucket, S3Key }: { S3Bucket: string; S3Key: string },
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  try {
    await s3Client(api).send(
      new api.sdk.PutObjectCommand({
        Bucket: S3Bucket,
        Key: S3Key,
        Body: bytes,
        ContentLength: bytes.length,
      }),
      { abortSignal: signal },
    );
  } catch (error) {
    throw api.refusal('PutObject', error, 's3');
  }
}
