import type { InvocationError } from '../../model/invocationRecord.ts';

/** Packages that Lambda's own runtimes bring along (developer guide "Runtime-included SDK versions"). */
const broughtAlong =
  /(?:Cannot find (?:module|package)|No module named) '((?:@aws-sdk|@smithy)\/[\w.-]+|boto3|botocore)\b/;

/** Says why code that runs in the cloud is not found here; undefined for everything else that keeps code from loading. */
export function loadNote({ message }: Pick<InvocationError, 'message'>): string | undefined {
  const name = broughtAlong.exec(message)?.[1];
  if (name === undefined) return undefined;
  const command = name.startsWith('@') ? `npm install --save-dev ${name}` : `python -m pip install ${name}`;
  return `In the cloud Lambda's runtime brings ${name} along; here it has to be installed: ${command}`;
}
