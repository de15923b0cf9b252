import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  readdirSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { skopeo } from './skopeo.ts';

const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: { os: string; architecture: string };
}

/**
 * Puts an image into a registry for functions to be built upon, made of this machine's own files by `tar` and `skopeo`: a list
 * with an image for this machine and an empty one for another. `contents` puts files below a folder.
 */
export async function pushBaseImage(
  reference: string,
  contents: (root: string) => void,
  settings: Record<string, unknown> = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-base-'));
  try {
    const blobs = join(folder, 'layout/blobs/sha256');
    mkdirSync(blobs, { recursive: true });
    const put = (mediaType: string, bytes: Uint8Array): Descriptor => {
      const hex = createHash('sha256').update(bytes).digest('hex');
      writeFileSync(join(blobs, hex), bytes);
      return { mediaType, digest: `sha256:${hex}`, size: bytes.byteLength };
    };
    const putJson = (mediaType: string, value: unknown) => put(mediaType, Buffer.from(JSON.stringify(value)));
    const image = (architecture: string, fill: (root: string) => void): Descriptor => {
      const root = join(folder, architecture);
      // A sandbox puts these over the ones of the image.
      for (const name of ['proc', 'dev', 'tmp']) mkdirSync(join(root, name), { recursive: true });
      fill(root);
      const tar = join(folder, `${architecture}.tar`);
      execFileSync('tar', ['-C', root, '--owner=0', '--group=0', '-cf', tar, '.']);
      const diffId = `sha256:${createHash('sha256').update(readFileSync(tar)).digest('hex')}`;
      execFileSync('gzip', ['-1', '-n', tar]);
      const layer = put(mediaTypes.layer, readFileSync(`${tar}.gz`));
      const config = putJson(mediaTypes.config, {
        architecture,
        os: 'linux',
        created: '2026-01-02T03:04:05Z',
        config: { Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'BASE=yes'], Cmd: ['node'], ...settings },
        rootfs: { type: 'layers', diff_ids: [diffId] },
        history: [{ created: '2026-01-02T03:04:05Z', created_by: 'test' }],
      });
      const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [layer] };
      return { ...putJson(mediaTypes.manifest, manifest), platform: { os: 'linux', architecture } };
    };
    const manifests = [
      image('amd64', contents),
      image('arm64', (root) => writeFileSync(join(root, 'arm'), '')),
    ];
    const index = putJson(mediaTypes.index, { schemaVersion: 2, mediaType: mediaTypes.index, manifests });
    writeFileSync(join(folder, 'layout/oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
    const annotations = { 'org.opencontainers.image.ref.name': 'base' };
    const top = { schemaVersion: 2, manifests: [{ ...index, annotations }] };
    writeFileSync(join(folder, 'layout/index.json'), JSON.stringify(top));
    const copy = ['copy', '--all', '--dest-tls-verify=false', `oci:${join(folder, 'layout')}:base`];
    await skopeo([...copy, `docker://${reference}`]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A program with the libraries it needs, below a folder as they lie on this machine; `as` is its path there. */
export function copyProgram(root: string, program: string, as: string): void {
  const place = (path: string): string => {
    const to = join(root, path);
    mkdirSync(dirname(to), { recursive: true });
    return to;
  };
  copyFileSync(program, place(as));
  copyLibraries(root, program);
}

function copyLibraries(root: string, program: string): void {
  for (const [, library] of execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)) {
    const to = join(root, library!);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(library!, to);
  }
}

/** Debian's Python with its library, below a folder. */
export function copyPython(root: string): void {
  const program = '/usr/bin/python3';
  const version = execFileSync(program, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
    encoding: 'utf8',
  });
  copyProgram(root, program, 'usr/bin/python3');
  const library = `usr/lib/python${version.trim()}`;
  const skipped = /(__pycache__|\/(test|idlelib|lib2to3|ensurepip|distutils|config-[^/]+)$)/;
  cpSync(`/${library}`, join(root, library), { recursive: true, filter: (path) => !skipped.test(path) });
  // What compiled modules need; those of databases and terminals are not used.
  const modules = join('/', library, 'lib-dynload');
  for (const name of readdirSync(modules).filter((each) =>
    /^_(ssl|hashlib|bz2|lzma|ctypes|uuid|json|asyncio|queue|zoneinfo)\./.test(each),
  ))
    copyLibraries(root, join(modules, name));
}

/** Files that are few: for tests that run nothing. */
export function fewFiles(root: string): void {
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/base'), 'base\n');
  symlinkSync('base', join(root, 'etc/link'));
}
