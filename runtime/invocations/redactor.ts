import { hiddenSecret, type InvocationError } from '../model/invocationRecord.ts';

/** Names whose values are secret. Short values are left alone: replacing "1" everywhere would hide the log, not the secret. */
const secretName =
  /(secret|token|passw|passphrase|credential|private|api_?key|access_?key|auth|_key$|_pwd$)/i;
const shortest = 6;

/** Makes a function that replaces secret values of an environment in texts. */
export function createRedactor(environment: Record<string, string>): (text: string) => string {
  const secrets = Object.entries(environment)
    .filter(([name, value]) => secretName.test(name) && value.length >= shortest)
    .flatMap(([, value]) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]);
  const values = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  if (values.length === 0) return (text) => text;
  return (text) => {
    let result = text;
    for (const value of values) if (result.includes(value)) result = result.replaceAll(value, hiddenSecret);
    return result;
  };
}

/** An error with the secrets in its texts replaced. */
export function redactError(error: InvocationError, redact: (text: string) => string): InvocationError {
  return { ...error, message: redact(error.message), stack: error.stack.map(redact) };
}
