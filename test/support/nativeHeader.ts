/** The beginning of a file of native code, as its format says it; `loader` is named within it. */
export function nativeHeader(os: 'linux' | 'macOS' | 'Windows', machine: string, loader = ''): Buffer {
  const bytes = Buffer.alloc(512);
  if (os === 'linux') {
    bytes.write('\x7fELF\x02\x01', 'latin1');
    bytes.writeUInt16LE(machine === 'arm64' ? 0xb7 : 0x3e, 18);
  } else if (os === 'Windows') {
    bytes.write('MZ', 'latin1');
    bytes.writeUInt32LE(0x80, 0x3c);
    bytes.write('PE\0\0', 0x80, 'latin1');
    bytes.writeUInt16LE(machine === 'arm64' ? 0xaa64 : 0x8664, 0x84);
  } else if (machine === 'both') {
    bytes.writeUInt32BE(0xcafebabe, 0);
    bytes.writeUInt32BE(2, 4);
    bytes.writeUInt32BE(0x01000007, 8);
    bytes.writeUInt32BE(0x0100000c, 28);
  } else {
    bytes.writeUInt32LE(0xfeedfacf, 0);
    bytes.writeUInt32LE(machine === 'arm64' ? 0x0100000c : 0x01000007, 4);
  }
  bytes.write(loader, 300, 'latin1');
  return bytes;
}
