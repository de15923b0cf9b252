import { basename } from 'node:path';

/** Folders that hold no code: version control, editors, other tools' output, our own state, and credentials. */
const folders = new Set([
  '.git',
  '.hg',
  '.svn',
  '.porchlight',
  '.vscode',
  '.idea',
  '.aws',
  '.aws-sam',
  '.serverless',
  '.s',
  '.ssh',
  '.terraform',
  '.nyc_output',
]);

const files = new Set([
  '.DS_Store',
  'Thumbs.db',
  '.gitignore',
  '.npmrc',
  '.netrc',
  '.yarnrc.yml',
  '.htpasswd',
]);

const keyFiles = /^(id_(rsa|dsa|ecdsa|ed25519)(\..*)?|.*\.(key|p12|pfx|jks|keystore|ppk|kdbx))$/i;

/** Why a path never gets into an archive; undefined when it may. `secret` is worth telling. */
export function exclusionOf(path: string, isFolder: boolean): 'noise' | 'secret' | undefined {
  const name = basename(path);
  if (isFolder) return folders.has(name) ? 'noise' : undefined;
  if (files.has(name)) return 'noise';
  // Values of the environment travel on their own, never in the package.
  if (name === '.env' || name.startsWith('.env.')) return 'noise';
  if (keyFiles.test(name) && !name.endsWith('.pub')) return 'secret';
  return undefined;
}

/** Whether a certificate file must be looked into: it may hold a public certificate or a private key. */
export function mayHoldKey(path: string): boolean {
  return /\.(pem|crt|cer|der)$/i.test(path);
}

/** Whether the content of such a file is a private key. */
export function holdsPrivateKey(content: Uint8Array): boolean {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).includes('PRIVATE KEY-----');
}
