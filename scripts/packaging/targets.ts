/** The npm package with esbuild's program for each target; `universal` takes the slower WebAssembly one. */
export const esbuildPackages: Record<string, string> = {
  'win32-x64': '@esbuild/win32-x64',
  'win32-arm64': '@esbuild/win32-arm64',
  'linux-x64': '@esbuild/linux-x64',
  'linux-arm64': '@esbuild/linux-arm64',
  'linux-armhf': '@esbuild/linux-arm',
  'darwin-x64': '@esbuild/darwin-x64',
  'darwin-arm64': '@esbuild/darwin-arm64',
  // The program is linked statically, so that Alpine's C library does not matter.
  'alpine-x64': '@esbuild/linux-x64',
  'alpine-arm64': '@esbuild/linux-arm64',
  universal: 'esbuild-wasm',
};

/** The marketplace's name of this machine's platform. */
export function thisTarget(): string {
  const arch = process.platform === 'linux' && process.arch === 'arm' ? 'armhf' : process.arch;
  return `${process.platform}-${arch}`;
}
