import { execFile } from 'node:child_process';

/** Runs `skopeo`, a client of registries that nobody here wrote; its output. */
export function skopeo(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('skopeo', ['--insecure-policy', ...args], { maxBuffer: 1 << 24 }, (error, stdout, stderr) =>
      error ? reject(new Error(`skopeo ${args.join(' ')}: ${stderr}`)) : resolve(stdout),
    );
  });
}
