import { createDecipheriv, createHash } from 'node:crypto';

/** The passphrase is the same for everybody: it hides values from glances only (package @serverless-devs/credential). */
const passphrase = 'SecretKey123';

/**
 * Reads a value of `~/.s/access.yaml`: OpenSSL's salted format with its own derivation of keys (AES-256-CBC, MD5).
 * `undefined` when it is none.
 */
export function decrypt(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < 32 || bytes.toString('latin1', 0, 8) !== 'Salted__') return undefined;
  const secret = Buffer.concat([Buffer.from(passphrase), bytes.subarray(8, 16)]);
  let derived = Buffer.alloc(0);
  for (let block = Buffer.alloc(0); derived.length < 48; derived = Buffer.concat([derived, block]))
    block = createHash('md5').update(block).update(secret).digest();
  try {
    const cipher = createDecipheriv('aes-256-cbc', derived.subarray(0, 32), derived.subarray(32, 48));
    return Buffer.concat([cipher.update(bytes.subarray(16)), cipher.final()]).toString('utf8');
  } catch {
    // Cut short, or made with another passphrase: whoever asked says which file and alias.
    return undefined;
  }
}
