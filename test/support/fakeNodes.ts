import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of a version manager with Nodes of these versions: each says its version, and is the Node of the tests otherwise. */
export function installFakeNodes(folder: string, versions: readonly string[]): void {
  for (const version of versions) {
    const program = join(folder, 'versions', 'node', `v${version}`, 'bin', 'node');
    mkdirSync(dirname(program), { recursive: true });
    const script = `#!/bin/sh
if [ "$1" = --version ]; then echo "${version}" >> '${join(folder, 'asked')}'; echo 'v${version}'; exit; fi
[ "$1" = --experimental-vm-modules ] && shift
FAKE_NODE='${version}' exec '${process.execPath}' "$@"
`;
    writeFileSync(program, script);
    chmodSync(program, 0o755);
  }
}
